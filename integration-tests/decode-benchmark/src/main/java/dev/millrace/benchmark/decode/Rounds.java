package dev.millrace.benchmark.decode;

import dev.millrace.benchmark.decode.Measurement.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures trials, each once a round in a JVM of its own. A machine's speed drifts, so each round
 * takes them in another order, and no contestant always comes behind the same one.
 *
 * <p>Each JVM warms up until its code is compiled ({@link OneRecord#settle}), however long that is.
 *
 * @param measured how long it is measured then
 */
record Rounds(int count, Duration measured) {

  private static final int SLICES = 4;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** Medians that two runs agree on, when {@code count} is at least five. */
  static Rounds thorough(int count) {
    return new Rounds(count, Duration.ofMillis(800));
  }

  /** One short round: shows what is much larger than what. */
  static Rounds quick() {
    return new Rounds(1, Duration.ofMillis(400));
  }

  /**
   * Measures all of it.
   *
   * @param progress told before each trial
   * @throws RunnerException when a contestant fails, or another JMH runs on this machine
   */
  List<Measurement> measure(List<Trial> trials, Consumer<Progress> progress)
      throws RunnerException {
    List<Measurement> measurements = new ArrayList<>();
    for (int round = 1; round <= count; round++) {
      List<Trial> order = new ArrayList<>(trials);
      Collections.shuffle(order, new Random(round));
      for (Trial trial : order) {
        progress.accept(new Progress(round, trial, measurements.size() + 1, count * trials.size()));
        measurements.add(measure(trial));
      }
    }
    return measurements;
  }

  private Measurement measure(Trial trial) throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include("^" + OneRecord.class.getName() + "\\.decode$")
            .param("dataset", trial.dataset().name())
            .param("contestant", trial.contestant().id())
            .forks(1)
            // For JMH's own loop; the contestant is warm by then.
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(200))
            .measurementIterations(SLICES)
            .measurementTime(TimeValue.milliseconds(measured.toMillis() / SLICES))
            .addProfiler(GCProfiler.class)
            .addProfiler(CpuTime.class)
            // Compiling in the foreground: then a warm-up is so many records, on a busy machine
            // too.
            .jvmArgsAppend("-Xms512m", "-Xmx512m", "-Xbatch")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    RunResult result = results.iterator().next();
    Result<?> nanos = result.getPrimaryResult();
    return new Measurement(
        trial,
        nanos.getScore(),
        nanos.getStatistics().getMin(),
        nanos.getStatistics().getMax(),
        secondary(result, CpuTime.NAME),
        secondary(result, ALLOCATED));
  }

  private static double secondary(RunResult result, String name) throws RunnerException {
    Result<?> found = result.getSecondaryResults().get(name);
    if (found == null) {
      throw new RunnerException(
          "found %s of JMH, expected %s among them"
              .formatted(result.getSecondaryResults().keySet(), name));
    }
    return found.getScore();
  }

  /** The trial that is measured now, the how manieth of how many. */
  record Progress(int round, Trial trial, int number, int of) {}
}
