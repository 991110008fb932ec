package dev.millrace.pipelines.cli;

import dev.millrace.transforms.telemetry.StageCounter;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult.State;

/** Runs a pipeline to its end, and says meanwhile how far it is. */
final class PipelineRun {

  private static final int QUIET_ROUNDS = 10;

  private PipelineRun() {}

  /**
   * Runs {@code pipeline}, which must have been given options that block, and writes a line of its
   * counters every two seconds in which they change, and every twenty in which they do not: sorting
   * by time shows in none of them.
   *
   * @return how many seconds it took
   * @throws CommandFailure when it did not end well
   */
  static double toTheEnd(Pipeline pipeline, PrintWriter progress) {
    long start = System.nanoTime();
    // Where Flink starts the launcher, the job's classes are not those of the JVM.
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    CompletableFuture<State> end =
        CompletableFuture.supplyAsync(
            () -> {
              Thread.currentThread().setContextClassLoader(classes);
              return pipeline.run().waitUntilFinish();
            });
    Map<String, Long> before = Map.of();
    int quiet = 0;
    while (true) {
      try {
        State state = end.get(2, TimeUnit.SECONDS);
        if (state != State.DONE) {
          throw new CommandFailure("found a run that ended as %s, expected DONE".formatted(state));
        }
        return seconds(start);
      } catch (TimeoutException running) {
        Map<String, Long> now = StageCounter.inThisJvm();
        if (!now.equals(before) || ++quiet == QUIET_ROUNDS) {
          progress.printf("%6.0f s  %s%n", seconds(start), text(now));
          progress.flush();
          before = now;
          quiet = 0;
        }
      } catch (ExecutionException e) {
        throw new CompletionException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure("interrupted");
      }
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static String text(Map<String, Long> counts) {
    StringBuilder text = new StringBuilder();
    counts.forEach((name, count) -> text.append("%s %,d   ".formatted(name, count)));
    return text.toString().stripTrailing();
  }
}
