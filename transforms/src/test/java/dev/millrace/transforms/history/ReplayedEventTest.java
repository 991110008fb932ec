package dev.millrace.transforms.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Attempt;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.history.HistoryStep.Kind;
import dev.millrace.transforms.history.HistoryStep.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Events that failed, and are sent again. */
class ReplayedEventTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final EventLayout LAYOUT =
      EventLayout.of(new Schema(List.of(Field.of("id", FieldType.STRING))));
  private static final EventLayout WITH_COUNT =
      LAYOUT.plus(List.of(Field.of("count_1h", FieldType.INT64)));

  private final HistoryStep first = step(HOUR);

  /** A second history has no deduplication of its own. */
  private final HistoryStep second = step(Duration.ZERO);

  private @Nullable HistoryState state;

  private static HistoryStep step(Duration deduplicateWithin) {
    return new HistoryStep(
        new HistoryStep.Settings(
            List.of(Feature.count("count_1h", HOUR)),
            LAYOUT,
            null,
            WITH_COUNT,
            deduplicateWithin.toMillis(),
            HOUR.toMillis(),
            100));
  }

  private static Event payment(int minute, Attempt attempt) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setString(LAYOUT.column("id"), "tx-" + minute);
    return builder
        .build("tx-" + minute, minute * 60_000L, new Origin("test", "", 0, minute))
        .withAttempt(attempt);
  }

  private static Attempt failedBehindHistory(int number) {
    return new Attempt(number, true);
  }

  private static Attempt failedBeforeHistory(int number) {
    return new Attempt(number, false);
  }

  private Outcome send(HistoryStep step, int minute, Attempt attempt) {
    Outcome outcome =
        step.apply(state, new HistoryInput(Source.EVENTS, payment(minute, attempt)), 0);
    state = outcome.state() == null ? state : outcome.state();
    return outcome;
  }

  private static long count(Outcome outcome) {
    Event event = Objects.requireNonNull(outcome.event());
    return event.layout().column("count_1h").getLong(event);
  }

  @Test
  void that_failed_behind_history_is_emitted_as_at_first_and_not_counted_again() {
    send(first, 1, Attempt.FIRST);
    send(first, 2, Attempt.FIRST);
    send(first, 3, Attempt.FIRST);

    Outcome again = send(first, 2, failedBehindHistory(2));
    assertThat(again.kind()).isEqualTo(Kind.REPLAYED);
    assertThat(count(again)).isEqualTo(2);
    assertThat(Objects.requireNonNull(again.event()).attempt()).isEqualTo(failedBehindHistory(2));
    assertThat(count(send(first, 4, Attempt.FIRST))).isEqualTo(4);
  }

  @Test
  void that_failed_behind_history_is_emitted_once_for_each_attempt() {
    send(first, 1, Attempt.FIRST);
    assertThat(send(first, 1, failedBehindHistory(2)).kind()).isEqualTo(Kind.REPLAYED);
    assertThat(send(first, 1, failedBehindHistory(2)).kind()).isEqualTo(Kind.DUPLICATE);
    // The second failed too.
    assertThat(send(first, 1, failedBehindHistory(3)).kind()).isEqualTo(Kind.REPLAYED);
    assertThat(send(first, 1, failedBehindHistory(3)).kind()).isEqualTo(Kind.DUPLICATE);
    assertThat(send(first, 1, failedBehindHistory(2)).kind()).isEqualTo(Kind.DUPLICATE);
    assertThat(send(first, 1, Attempt.FIRST).kind()).isEqualTo(Kind.DUPLICATE);
  }

  @Test
  void that_failed_before_history_is_emitted_once_however_many_attempts_there_were() {
    assertThat(send(first, 1, failedBeforeHistory(2)).kind()).isEqualTo(Kind.EVENT);
    // A dead letter of the second attempt, from when it failed as the first did.
    assertThat(send(first, 1, failedBeforeHistory(3)).kind()).isEqualTo(Kind.DUPLICATE);
    // The second attempt failed behind history.
    assertThat(send(first, 1, failedBehindHistory(3)).kind()).isEqualTo(Kind.REPLAYED);
  }

  @Test
  void that_history_does_not_know_any_more_is_counted_here_and_by_the_next_key() {
    Outcome outcome = send(first, 1, failedBehindHistory(2));
    assertThat(outcome.kind()).isEqualTo(Kind.EVENT);
    assertThat(count(outcome)).isEqualTo(1);
    assertThat(Objects.requireNonNull(outcome.event()).attempt()).isEqualTo(failedBeforeHistory(2));
    assertThat(send(first, 1, failedBehindHistory(2)).kind()).isEqualTo(Kind.DUPLICATE);
  }

  @Test
  void that_is_too_late_by_now_is_late() {
    send(first, 1, Attempt.FIRST);
    send(first, 62, Attempt.FIRST);
    assertThat(send(first, 1, failedBehindHistory(2)).kind()).isEqualTo(Kind.LATE_EVENT);
  }

  @Test
  void is_not_counted_twice_by_a_second_key_which_forgets_ids() {
    send(second, 1, Attempt.FIRST);
    Outcome again = send(second, 1, failedBehindHistory(2));
    assertThat(again.kind()).isEqualTo(Kind.REPLAYED);
    assertThat(count(again)).isEqualTo(1);
    assertThat(count(send(second, 2, Attempt.FIRST))).isEqualTo(2);
  }
}
