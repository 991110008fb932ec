package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.deadletters.DeadLetters;
import dev.millrace.pipelines.deadletters.Replay;
import dev.millrace.pipelines.deadletters.Selection;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace deadletters replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Sends records that failed to the topic they came from again, unchanged: after a contract was"
          + " mended, a schema registered, or what a lookup asks for is there.",
      "What failed when it was decoded is in its dead letter; what failed later is fetched from the"
          + " topic, as long as that keeps it.",
      "Without --execute it only says how many it would send. Repeating a replay is safe: an event"
          + " that was decided is recognised by its id within deduplicateWithin."
    },
    footer = {
      "",
      "Example: millrace deadletters replay pipelines/card-fraud/card-fraud.yaml"
          + " --reason=INCOMPATIBLE_SCHEMA --execute"
    })
final class DeadLettersReplayCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Mixin private SelectionArguments chosen;
  @Spec private CommandSpec command;

  @Option(names = "--execute", description = "Send them.")
  private boolean execute;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DeadLettersReplayCommand() {}

  @Override
  public Integer call() throws IOException {
    PipelineSpec pipeline = spec.read();
    SourceSpec.Kafka source =
        pipeline
            .events()
            .from()
            .asKafka()
            .orElseThrow(
                () ->
                    new SpecException(
                        pipeline.place("events.from"),
                        "found %s, expected a Kafka topic or an event hub to send to"
                            .formatted(pipeline.events().from().word())));
    Selection selection = chosen.selection();
    try (Replay replay = execute ? Replay.to(source) : Replay.dry(source)) {
      DeadLetters.of(pipeline)
          .read(
              letter -> {
                if (selection.has(letter)) {
                  replay.accept(letter);
                }
              });
      Replay.Counts counts = replay.finish();
      command
          .commandLine()
          .getOut()
          .printf(
              "%,d records %s %s; %,d repeats of them, %,d that cannot be replayed%s%n",
              counts.sent(),
              execute ? "sent to" : "would be sent to",
              source.topic(),
              counts.repeats(),
              counts.left(),
              execute ? "" : "; --execute sends them");
    }
    return 0;
  }
}
