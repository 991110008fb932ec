package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.deadletters.Selection;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters a command works on. */
final class SelectionArguments {

  @Option(
      names = "--stage",
      split = ",",
      description = "Only those that failed in these stages: ${COMPLETION-CANDIDATES}.")
  private Set<Stage> stages = EnumSet.noneOf(Stage.class);

  @Option(
      names = "--reason",
      split = ",",
      description = "Only those that failed for these reasons: ${COMPLETION-CANDIDATES}.")
  private Set<Reason> reasons = EnumSet.noneOf(Reason.class);

  @Option(
      names = "--from",
      description = "Only those first seen from then on, as 2026-01-31T00:00:00Z.")
  private @Nullable Instant from;

  @Option(names = "--to", description = "Only those first seen before then.")
  private @Nullable Instant to;

  Selection selection() {
    return new Selection(stages, reasons, from, to);
  }
}
