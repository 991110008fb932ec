package dev.millrace.pipelines.deadletters;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant.
 *
 * @param stages those they failed in; empty for all
 * @param reasons why they failed; empty for all
 * @param from not before; null for no limit
 * @param to before; null for no limit
 */
public record Selection(
    Set<Stage> stages, Set<Reason> reasons, @Nullable Instant from, @Nullable Instant to) {

  /** Every dead letter. */
  public static final Selection ALL = new Selection(Set.of(), Set.of(), null, null);

  public Selection {
    stages = Set.copyOf(stages);
    reasons = Set.copyOf(reasons);
  }

  /** Those of one reason. */
  public static Selection of(Reason reason) {
    return new Selection(Set.of(), Set.of(reason), null, null);
  }

  public boolean has(DeadLetter letter) {
    long seen = letter.firstSeen();
    return (stages.isEmpty() || stages.contains(letter.stage()))
        && (reasons.isEmpty() || reasons.contains(letter.reason()))
        && (from == null || seen >= from.toEpochMilli())
        && (to == null || seen < to.toEpochMilli());
  }
}
