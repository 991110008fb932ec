package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.demo.Demo;
import dev.millrace.pipelines.demo.Summary;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the card-fraud pipeline on this machine: a Kafka broker and a schema registry in their",
      "own processes, simulated card payments in, decisions and dead letters out.",
      "Exit code 0 only when every payment was decided or is a dead letter."
    },
    footer = {"", "Example: millrace demo --events=20000 --rate=500 --summary=summary.json"})
final class DemoCommand implements Callable<Integer> {

  @Mixin private RunnerArguments runner;
  @Spec private CommandSpec command;

  @Option(
      names = "--events",
      defaultValue = "20000",
      paramLabel = "N",
      description = "How many records to send, by default ${DEFAULT-VALUE}.")
  private long events;

  @Option(
      names = "--rate",
      defaultValue = "0",
      paramLabel = "N",
      description = "How many a second; 0, the default, is as fast as possible.")
  private double rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Of the simulation, by default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "Where to write what happened, as one JSON object.")
  private @Nullable Path summary;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DemoCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter screen = command.commandLine().getOut();
    Path work = Files.createTempDirectory("millrace-demo-");
    Logs.toFile(work.resolve("millrace.log"));
    screen.printf("logs are in %s%n", work);
    Path root = Path.of(System.getProperty("millrace.root", "."));
    Demo demo =
        new Demo(root, work, events, seed, rate, runner.runner().word(), runner.demoOptions());
    Summary result = demo.run(screen);
    if (summary != null) {
      result.write(summary);
    }
    if (!result.complete()) {
      throw new CommandFailure(
          "found %,d records lost and %,d of %,d decided, expected none lost; the logs are in %s"
              .formatted(result.lost(), result.decisions(), result.unique(), work));
    }
    delete(work);
    return 0;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
