package dev.millrace.transforms.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.history.HistoryStep.Kind;
import dev.millrace.transforms.history.HistoryStep.Outcome;
import dev.millrace.transforms.telemetry.StageCounter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** State that one set of features left behind, read by another. */
class UpgradeTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Feature COUNT = Feature.count("count_1h", HOUR);
  private static final Feature MEAN = Feature.of("mean_1h", Aggregate.MEAN, "amount", HOUR);
  private static final Feature MOST = Feature.of("most_1h", Aggregate.MAX, "amount", HOUR);

  private static final List<Field> FIELDS =
      List.of(Field.of("id", FieldType.STRING), Field.of("amount", FieldType.DOUBLE));
  private static final EventLayout LAYOUT = layout();

  private static EventLayout layout(Feature... features) {
    Stream<Field> columns =
        Stream.of(features)
            .map(
                f ->
                    Field.of(
                        f.name(),
                        f.aggregate() == Aggregate.COUNT ? FieldType.INT64 : FieldType.DOUBLE));
    return EventLayout.of(new Schema(FIELDS)).plus(columns.toList());
  }

  private static HistoryStep step(Feature... features) {
    return new HistoryStep(
        new HistoryStep.Settings(
            List.of(features), LAYOUT, null, layout(features), HOUR.toMillis(), 0, 100));
  }

  private static HistoryInput payment(int minute, double amount) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setString(LAYOUT.column("id"), "tx-" + minute);
    builder.setDouble(LAYOUT.column("amount"), amount);
    Event event =
        builder.build("tx-" + minute, minute * 60_000L, new Origin("test", "", 0, minute));
    return new HistoryInput(Source.EVENTS, event);
  }

  private static Event event(Outcome outcome) {
    return Objects.requireNonNull(outcome.event());
  }

  /** Of a new key, whose secret is always the same: two such keys can be compared. */
  private static HistoryState withoutPast() {
    return new HistoryState(new int[0], 1, 2);
  }

  private static byte[] encoded(@Nullable HistoryState state) throws CoderException {
    return CoderUtils.encodeToByteArray(
        HistoryState.Coder.of(), Objects.requireNonNull(state, "nothing changed"));
  }

  private static double value(Outcome outcome, Feature feature) {
    Event event = event(outcome);
    return event.layout().column(feature.name()).asDouble(event);
  }

  @Test
  void a_feature_that_was_added_starts_empty_and_says_so_and_the_others_keep_their_past() {
    HistoryState state = step(COUNT, MEAN).apply(null, payment(1, 10), 0).state();

    HistoryStep after = step(MOST, COUNT, MEAN);
    Outcome outcome = after.apply(state, payment(2, 4), 0);
    assertThat(after.startingEmpty()).containsExactly("most_1h");
    assertThat(value(outcome, MOST)).isEqualTo(4);
    assertThat(value(outcome, COUNT)).isEqualTo(2);
    assertThat(value(outcome, MEAN)).isEqualTo(7);

    Outcome next = after.apply(outcome.state(), payment(3, 1), 0);
    assertThat(after.startingEmpty()).isEmpty();
    assertThat(value(next, MOST)).isEqualTo(4);
    assertThat(value(next, COUNT)).isEqualTo(3);
  }

  @Test
  void a_feature_that_was_removed_is_forgotten_and_the_others_keep_their_past()
      throws CoderException {
    HistoryState state = step(COUNT, MOST, MEAN).apply(withoutPast(), payment(1, 10), 0).state();

    HistoryStep after = step(MEAN);
    Outcome outcome = after.apply(state, payment(2, 4), 0);
    assertThat(after.startingEmpty()).isEmpty();
    assertThat(value(outcome, MEAN)).isEqualTo(7);
    HistoryState neverThere = step(MEAN).apply(withoutPast(), payment(1, 10), 0).state();
    assertThat(encoded(outcome.state()))
        .isEqualTo(encoded(step(MEAN).apply(neverThere, payment(2, 4), 0).state()));
  }

  @Test
  void a_repeat_from_before_the_upgrade_is_still_a_repeat() {
    HistoryState state = step(COUNT).apply(null, payment(1, 10), 0).state();
    Outcome outcome = step(COUNT, MOST).apply(state, payment(1, 10), 0);
    assertThat(outcome.kind()).isEqualTo(Kind.DUPLICATE);
  }

  @Test
  void a_key_without_a_past_has_nothing_that_starts_empty() {
    HistoryStep step = step(COUNT, MOST);
    step.apply(null, payment(1, 10), 0);
    assertThat(step.startingEmpty()).isEmpty();
  }

  @Test
  void every_key_that_lacks_a_feature_is_counted() {
    NewFeatures features = new NewFeatures();
    features.startEmpty(List.of("most_of_upgrade_test"));
    features.startEmpty(List.of("most_of_upgrade_test"));
    features.startEmpty(List.of());
    assertThat(StageCounter.inThisJvm()).containsEntry("startedEmpty.most_of_upgrade_test", 2L);
  }
}
