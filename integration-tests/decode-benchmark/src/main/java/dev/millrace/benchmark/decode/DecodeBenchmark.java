package dev.millrace.benchmark.decode;

import dev.millrace.benchmark.decode.Measurement.Trial;
import dev.millrace.benchmark.decode.Report.Skipped;
import dev.millrace.benchmark.decode.Rounds.Progress;
import dev.millrace.pipelines.cli.Benchmark;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace bench decode}. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what decoding one payload costs: ours to an event and to a Beam row,",
      "beside AvroUtils and AvroCoder of Beam, GenericRecord of Avro, the tree of Jackson",
      "and the message of Protobuf. Those that make rows must make equal ones.",
      "Each is measured warm, in JVMs of its own. Leave the machine idle meanwhile.",
      "Datasets: simulated card payments, and taxi trips of Chicago where the folder of",
      "-Dmillrace.data=FOLDER (in MILLRACE_JAVA_OPTS) or ../shared/data has them."
    },
    footer = {"", "Example: millrace bench decode --json=decode.json --rounds=5"})
public final class DecodeBenchmark implements Benchmark {

  @Spec private CommandSpec command;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write what was measured, as one JSON object.")
  private @Nullable Path json;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      paramLabel = "N",
      description = "How many JVMs measure each contestant, by default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--quick",
      description =
          "One short round of the card payments alone, in less than a minute: shows what is much larger than what.")
  private boolean quick;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public DecodeBenchmark() {}

  @Override
  public Integer call() throws Exception {
    Path file = json == null ? null : json.toAbsolutePath();
    if (file != null && (file.getParent() == null || !Files.isDirectory(file.getParent()))) {
      throw wrong("--json: found no folder for %s, expected one".formatted(file));
    }
    if (rounds < 1) {
      throw wrong("--rounds: found %d, expected at least 1".formatted(rounds));
    }
    PrintWriter screen = command.commandLine().getOut();
    List<Dataset.Source> datasets = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (Dataset.Source source : Dataset.Source.values()) {
      String reason =
          quick && source != Dataset.Source.CARD_TRANSACTION ? "--quick" : source.absent();
      if (reason.isEmpty()) {
        check(source);
        datasets.add(source);
      } else {
        screen.printf("SKIPPED %s: %s%n", source.label(), reason);
        skipped.add(new Skipped(source.label(), reason));
      }
    }
    List<Trial> trials = Trial.of(datasets);
    Rounds plan = quick ? Rounds.quick() : Rounds.thorough(rounds);
    long start = System.nanoTime();
    List<Measurement> measured = plan.measure(trials, progress -> show(screen, progress, start));
    Report report = Report.of(Standing.of(trials, measured), skipped, plan.count());
    report.print(screen);
    if (file != null) {
      report.write(file);
    }
    return 0;
  }

  /** Faster is only worth something when the result is the same. */
  private static void check(Dataset.Source source) throws Exception {
    Dataset data = source.load();
    for (Format format : Format.values()) {
      Agreement.check(data, format);
    }
  }

  private void show(PrintWriter screen, Progress progress, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    int done = progress.number() - 1;
    screen.printf(
        "%3d of %d  round %d  %-52s%s%n",
        progress.number(),
        progress.of(),
        progress.round(),
        progress.trial(),
        done == 0 ? "" : "  %,.0f s left".formatted(seconds / done * (progress.of() - done)));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
