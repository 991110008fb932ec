package dev.millrace.transforms.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.history.HistoryStep.Kind;
import dev.millrace.transforms.history.HistoryStep.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random features over random events, with repeats, late arrivals, equal times, nulls and labels,
 * against an oracle that keeps everything and computes each window anew from its definition.
 */
class HistoryOracleTest {

  private static final EventLayout EVENTS =
      EventLayout.of(
          Schema.builder()
              .addStringField("id")
              .addDateTimeField("at")
              .addDoubleField("amount")
              .addNullableDoubleField("tip")
              .addBooleanField("abroad")
              .build());
  private static final EventLayout LABELS =
      EventLayout.of(Schema.builder().addStringField("id").addBooleanField("fraud").build());

  private final List<Event> processed = new ArrayList<>();
  private final List<Event> labelled = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> labelIds = new HashSet<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void every_feature_is_what_its_definition_says(long seed) {
    Random random = new Random(seed);
    List<Feature> features = features(random);
    long lateness = random.nextInt(400);
    long deduplicate = lateness + random.nextInt(200) + 1;
    EventLayout output = EVENTS.plus(columns(features));
    HistoryStep step =
        new HistoryStep(
            new HistoryStep.Settings(
                features, EVENTS, LABELS, output, deduplicate, lateness, Integer.MAX_VALUE));

    HistoryState state = null;
    long clock = 10_000;
    List<Event> sent = new ArrayList<>();
    int decided = 0;
    for (int i = 0; i < 3_000; i++) {
      clock += random.nextInt(20);
      HistoryInput input = next(random, i, clock, sent);
      Outcome outcome = step.apply(state, input, 0);
      state = outcome.state() == null ? state : outcome.state();
      long newest = processed.stream().mapToLong(Event::time).max().orElse(Long.MIN_VALUE);
      Event record = input.record();
      if (input.source() == Source.LABELS) {
        if (outcome.kind() == Kind.LABEL && labelIds.add(record.id())) {
          labelled.add(record);
        }
      } else if (newest != Long.MIN_VALUE && newest - record.time() > lateness) {
        // Older than the horizon: its id may be forgotten, so either answer keeps it out.
        assertThat(outcome.kind()).isIn(Kind.LATE_EVENT, Kind.DUPLICATE);
        assertThat(ids.contains(record.id()) || outcome.kind() == Kind.LATE_EVENT).isTrue();
      } else if (ids.contains(record.id())) {
        assertThat(outcome.kind()).isEqualTo(Kind.DUPLICATE);
      } else {
        assertThat(outcome.kind()).isEqualTo(Kind.EVENT);
        ids.add(record.id());
        processed.add(record);
        check(features, output, record, Objects.requireNonNull(outcome.event()));
        decided++;
      }
    }
    assertThat(decided).isGreaterThan(500);
  }

  private void check(List<Feature> features, EventLayout output, Event event, Event withFeatures) {
    for (Feature feature : features) {
      Column column = output.column(feature.name());
      double expected = expected(feature, event.time());
      assertThat(column.asDouble(withFeatures))
          .describedAs("%s at %d", feature, event.time())
          .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
    }
  }

  private double expected(Feature feature, long time) {
    boolean labels = feature.source() == Source.LABELS;
    EventLayout layout = labels ? LABELS : EVENTS;
    long until = time - feature.delay().toMillis();
    long after = until - feature.over().toMillis();
    List<Double> values = new ArrayList<>();
    long newest = Long.MIN_VALUE;
    double last = 0;
    for (Event other : labels ? labelled : processed) {
      boolean inWindow = other.time() > after && other.time() <= until;
      boolean counts = feature.where() == null || layout.column(feature.where()).getBoolean(other);
      double value = feature.field() == null ? 0 : layout.column(feature.field()).asDouble(other);
      if (inWindow && counts && !Double.isNaN(value)) {
        values.add(value);
        if (other.time() >= newest) {
          newest = other.time();
          last = value;
        }
      }
    }
    double n = values.size();
    double sum = values.stream().mapToDouble(v -> v).sum();
    if (feature.aggregate() == Aggregate.COUNT || n == 0) {
      return n;
    }
    return switch (feature.aggregate()) {
      case COUNT -> n;
      case SUM -> sum;
      case MEAN -> sum / n;
      case MIN -> values.stream().mapToDouble(v -> v).min().orElseThrow();
      case MAX -> values.stream().mapToDouble(v -> v).max().orElseThrow();
      case LAST -> last;
      case STDDEV ->
          n < 2
              ? 0
              : Math.sqrt(
                  values.stream().mapToDouble(v -> (v - sum / n) * (v - sum / n)).sum() / (n - 1));
    };
  }

  /** A new event, a repeat of an old one, one out of order, or a label of an old one. */
  private static HistoryInput next(Random random, int i, long clock, List<Event> sent) {
    int dice = random.nextInt(10);
    if (dice < 2 && !sent.isEmpty()) {
      return new HistoryInput(Source.EVENTS, sent.get(random.nextInt(sent.size())));
    }
    if (dice < 5 && !sent.isEmpty()) {
      Event about = sent.get(Math.max(0, sent.size() - 1 - random.nextInt(50)));
      EventBuilder label = new EventBuilder(LABELS);
      label.setString(LABELS.column("id"), about.id());
      label.setBoolean(LABELS.column("fraud"), random.nextBoolean());
      return new HistoryInput(Source.LABELS, label.build(about.id(), about.time(), Origin.NONE));
    }
    long time = dice < 8 ? clock : clock - random.nextInt(500);
    EventBuilder builder = new EventBuilder(EVENTS);
    builder.setString(EVENTS.column("id"), "e" + i);
    builder.setLong(EVENTS.column("at"), time);
    builder.setDouble(EVENTS.column("amount"), random.nextInt(1000) / 10.0);
    if (random.nextBoolean()) {
      builder.setDouble(EVENTS.column("tip"), random.nextGaussian());
    }
    builder.setBoolean(EVENTS.column("abroad"), random.nextInt(3) == 0);
    Event event = builder.build("e" + i, time, Origin.NONE);
    sent.add(event);
    return new HistoryInput(Source.EVENTS, event);
  }

  private static List<Feature> features(Random random) {
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Aggregate aggregate = Aggregate.values()[random.nextInt(Aggregate.values().length)];
      boolean labels = random.nextInt(4) == 0;
      String field = labels ? "fraud" : List.of("amount", "tip", "abroad").get(random.nextInt(3));
      Feature feature =
          Feature.of(
                  "f" + i,
                  aggregate,
                  aggregate == Aggregate.COUNT && random.nextBoolean() ? null : field,
                  Duration.ofMillis(1 + random.nextInt(random.nextBoolean() ? 50 : 2_000)))
              .delayed(Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(1_000)));
      if (labels) {
        feature = feature.ofLabels();
      }
      if (random.nextInt(3) == 0) {
        feature = feature.where(labels ? "fraud" : "abroad");
      }
      features.add(feature);
    }
    return features;
  }

  private static List<Field> columns(List<Feature> features) {
    return features.stream()
        .map(
            f ->
                Field.of(
                    f.name(),
                    f.aggregate() == Aggregate.COUNT ? FieldType.INT64 : FieldType.DOUBLE))
        .toList();
  }
}
