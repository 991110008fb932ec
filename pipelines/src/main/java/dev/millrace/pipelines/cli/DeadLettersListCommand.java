package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.deadletters.DeadLetters;
import dev.millrace.pipelines.deadletters.Selection;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.transforms.deadletter.DeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace deadletters list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the dead letters of a pipeline, and counts them by reason.",
    footer = {
      "",
      "Example: millrace deadletters list pipelines/card-fraud/card-fraud.yaml"
          + " --reason=INCOMPATIBLE_SCHEMA --limit=5"
    })
final class DeadLettersListCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Mixin private SelectionArguments chosen;
  @Spec private CommandSpec command;

  @Option(
      names = "--limit",
      description = "How many to show; all are counted. ${DEFAULT-VALUE} by default.")
  private int limit = 50;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DeadLettersListCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    PipelineSpec pipeline = spec.read();
    Selection selection = chosen.selection();
    Map<String, Integer> counts = new TreeMap<>();
    DeadLetters.of(pipeline)
        .read(
            letter -> {
              if (selection.has(letter)) {
                int shown = counts.values().stream().mapToInt(n -> n).sum();
                counts.merge(letter.stage() + " " + letter.reason(), 1, Integer::sum);
                if (shown < limit) {
                  out.println(line(letter));
                }
              }
            });
    int all = counts.values().stream().mapToInt(n -> n).sum();
    out.printf("%,d dead letters%n", all);
    counts.forEach((name, count) -> out.printf("  %-32s %,9d%n", name, count));
    return 0;
  }

  private static String line(DeadLetter letter) {
    return "%s  %s %s  %s  %s"
        .formatted(
            Instant.ofEpochMilli(letter.firstSeen()).truncatedTo(ChronoUnit.SECONDS),
            letter.stage(),
            letter.reason(),
            letter.origin(),
            letter.message());
  }
}
