package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.generate.FileGeneration;
import dev.millrace.pipelines.generate.TopicGeneration;
import dev.millrace.pipelines.simulation.Deliveries;
import dev.millrace.pipelines.simulation.Flaw;
import dev.millrace.pipelines.simulation.GroundTruth;
import dev.millrace.pipelines.simulation.KafkaFeed;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace generate}. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Simulates card payments into what a pipeline reads.",
      "Into its topic, with the contracts registered and the fraud reports on the topic of its labels;",
      "or into a file. The last line says what was made, to compare with what becomes of it."
    },
    footer = {
      "",
      "Example: millrace generate pipelines/card-fraud/card-fraud.yaml --events=100000 --rate=500"
          + " --duplicates=0.02 --malformed=0.005",
      "Example: millrace generate pipelines/card-fraud/handbook.yaml --days=60"
          + " --out=transactions.csv.gz"
    })
final class GenerateCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Mixin private SimulationArguments simulation;
  @Spec private CommandSpec command;

  @Option(
      names = "--rate",
      defaultValue = "0",
      paramLabel = "N",
      description = "How many records a second to a topic; 0, the default, is as fast as possible.")
  private double rate;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "Writes a file of the pipeline's contract and leaves its source alone: .csv, .jsonl or",
        ".avro, and .gz behind it to compress it. One that is there is replaced."
      })
  private @Nullable Path out;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  GenerateCommand() {}

  @Override
  public Integer call() {
    PipelineSpec read = spec.read();
    Deliveries deliveries = deliveries();
    try {
      if (out != null) {
        toFile(new FileGeneration(read, out), deliveries);
      } else if (read.events().from() instanceof SourceSpec.Files files) {
        toFile(new FileGeneration(read, newFile(read, files.path())), deliveries);
      } else {
        toTopics(TopicGeneration.of(read), deliveries);
      }
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
    return 0;
  }

  private Deliveries deliveries() {
    try {
      return simulation.deliveries();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** What a source has already may be somebody's; it is only replaced when --out says so. */
  private static Path newFile(PipelineSpec spec, String path) {
    if (path.matches(".*[*?{\\[].*") || Files.exists(Path.of(path))) {
      throw new SpecException(
          spec.place("events.from"),
          "found %s, expected a file that is not there yet, or --out=FILE".formatted(path));
    }
    return Path.of(path);
  }

  private void toFile(FileGeneration file, Deliveries deliveries) throws IOException {
    if (simulation.hasUnreadable()) {
      throw wrong(
          "found --malformed or --unknown-schema for a file, expected a topic: what cannot be read"
              + " would be a damaged file");
    }
    PrintWriter screen = command.commandLine().getOut();
    long start = System.nanoTime();
    file.write(
        deliveries,
        payments -> {
          screen.printf("%6.0f s  payments %,d%n", seconds(start), payments);
          screen.flush();
        });
    GroundTruth truth = deliveries.truth();
    screen.printf(
        "wrote %s with %,d records in %.0f s%n%s%n",
        file.file(), truth.sentAsPayments(), seconds(start), text(truth));
  }

  private void toTopics(TopicGeneration topics, Deliveries deliveries) throws IOException {
    if (simulation.hasUnknownSchema() && !topics.framed()) {
      throw wrong(
          "found --unknown-schema for payloads without framing, expected a pipeline with"
              + " a registry: there is no id in them that could be unknown");
    }
    PrintWriter screen = command.commandLine().getOut();
    screen.printf("payments to %s ...%n", topics.topics());
    screen.flush();
    KafkaFeed.Progress sent = topics.send(deliveries, rate, progress -> print(progress, screen));
    print(sent, screen);
    screen.println(text(deliveries.truth()));
  }

  private static void print(KafkaFeed.Progress progress, PrintWriter screen) {
    screen.printf(
        "%6.0f s  sent %,d   reports %,d   %,.0f a second%n",
        progress.elapsed().toMillis() / 1000.0,
        progress.payments(),
        progress.reports(),
        progress.paymentsPerSecond());
    screen.flush();
  }

  private static String text(GroundTruth truth) {
    return "%,d payments, %,d of them frauds; %,d out of order, %,d late; besides %,d duplicates, %,d malformed, %,d of an unknown schema"
        .formatted(
            truth.payments(),
            truth.frauds(),
            truth.count(Flaw.OUT_OF_ORDER),
            truth.count(Flaw.LATE),
            truth.duplicates(),
            truth.malformed(),
            truth.unknownSchemaIds());
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(command.commandLine(), problem);
  }
}
