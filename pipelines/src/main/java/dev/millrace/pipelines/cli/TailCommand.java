package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.decisions.DecisionTopic;
import dev.millrace.pipelines.spec.DurationText;
import dev.millrace.transforms.deliver.DecisionDeduplicator;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace tail}. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the decisions of a pipeline's topic, one a line, until it is stopped.",
      "After a failure a decision may be there twice; --deduplicate drops what repeats one of the",
      "last 1,000,000 ids. Where the sink writes exactly once, only what is committed is read."
    },
    footer = {
      "",
      "Example: millrace tail pipelines/card-fraud/card-fraud.yaml --deduplicate --from=earliest"
          + " --until-idle=10s --output=json"
    })
final class TailCommand implements Callable<Integer> {

  private static final int REMEMBERED = 1_000_000;
  private static final Duration FOREVER = Duration.ofDays(3_650);
  private static final long LAST_LINE_SECONDS = 2;

  enum From {
    EARLIEST,
    LATEST
  }

  enum Output {
    TEXT,
    JSON
  }

  @Mixin private SpecArguments spec;
  @Spec private CommandSpec command;

  @Option(names = "--deduplicate", description = "Prints each decision once.")
  private boolean deduplicate;

  @Option(
      names = "--from",
      description =
          "earliest or latest: with the oldest, or with those that come from now on."
              + " latest by default.")
  private From from = From.LATEST;

  @Option(names = "--max", description = "Ends after so many that were printed.")
  private long max = Long.MAX_VALUE;

  @Option(
      names = "--until-idle",
      paramLabel = "DURATION",
      description = "Ends when nothing came for so long, as 10s.")
  private @Nullable String untilIdle;

  @Option(
      names = "--output",
      description = "text (what was decided) or json (every column). text by default.")
  private Output output = Output.TEXT;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  TailCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    PrintWriter errors = command.commandLine().getErr();
    PipelinePlan plan = PipelinePlan.of(spec.read());
    Tail tail = new Tail(plan, out);
    Duration idle = idle();
    Thread reading = Thread.currentThread();
    CountDownLatch summed = new CountDownLatch(1);
    Thread stop = new Thread(() -> stop(reading, summed), "stop-tail");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      DecisionTopic.of(plan).read(from == From.EARLIEST, idle, tail);
      errors.println(tail.summary());
      errors.flush();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    } finally {
      summed.countDown();
      remove(stop);
    }
    return 0;
  }

  /** Ctrl-C ends the reading, and waits for its last line. */
  private static void stop(Thread reading, CountDownLatch summed) {
    reading.interrupt();
    try {
      boolean unused = summed.await(LAST_LINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException stopping) {
      // it is running
    }
  }

  private Duration idle() {
    try {
      return untilIdle == null ? FOREVER : DurationText.parse(untilIdle);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--until-idle: " + e.getMessage(), e);
    }
  }

  private final class Tail implements DecisionTopic.Reader {
    private final DecisionDeduplicator seen = DecisionDeduplicator.ofLast(REMEMBERED);
    private final DecisionLine line;
    private final PrintWriter out;
    private long printed;

    Tail(PipelinePlan plan, PrintWriter out) {
      this.line = DecisionLine.of(plan.spec());
      this.out = out;
    }

    @Override
    public boolean read(GenericRecord decision, long millis) {
      boolean isNew = seen.isNew(decision.get("event_id").toString(), millis);
      if (isNew || !deduplicate) {
        out.println(output == Output.JSON ? decision.toString() : line.text(decision));
        out.flush();
        printed++;
      }
      return printed < max;
    }

    String summary() {
      return String.format(
          Locale.ROOT,
          "%,d decisions, %,d repeats %s",
          printed,
          seen.repeats(),
          deduplicate ? "dropped" : "among them");
    }
  }
}
