package dev.millrace.transforms.history;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.step.EventStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/**
 * Emits each distinct event once, with one column per {@link Feature} behind its own: a count is an
 * {@code INT64}, every other aggregate a {@code DOUBLE}.
 *
 * <p>State is one {@code ValueState} per key, exact to the millisecond, and the same whether events
 * come in time order or as they arrive. A bounded input is processed in time order, an unbounded
 * one in the order of arrival: an event that arrives late sees only its past, and later events see
 * it. With {@link #deduplicatingWithin}, an event whose id the key has seen is dropped and counted.
 * An event that is older than its key's newest by more than {@link #withAllowedLateness} is a dead
 * letter: its past may be forgotten. An event that failed behind history and is sent again is
 * emitted again, once for each {@link dev.millrace.transforms.event.Attempt attempt}, and not
 * counted again. Labels update the state and emit nothing; a label is counted once per id.
 *
 * <p>State of an idle key is dropped by a processing-time timer once no window can reach it. The
 * timer does not hold the watermark.
 *
 * <pre>{@code
 * StageResult<Event> withHistory =
 *     payments.apply(
 *         "Customer history",
 *         History.of("customer_id", List.of(Feature.count("count_1d", Duration.ofDays(1))))
 *             .deduplicatingWithin(Duration.ofDays(1)));
 * }</pre>
 */
@AutoValue
public abstract class History extends PTransform<PCollection<Event>, StageResult<Event>> {

  /** How many tiles a key may have before its oldest are merged. */
  public static final int DEFAULT_CAP = 4096;

  abstract String key();

  abstract List<Feature> features();

  abstract @Nullable Beside labels();

  abstract @Nullable Beside delayed();

  abstract Duration deduplicateWithin();

  abstract Duration allowedLateness();

  abstract int cap();

  abstract boolean arrivalOrder();

  abstract EventStage next();

  abstract Builder toBuilder();

  /** The history of the column {@code key}; no deduplication, one day of lateness. */
  public static History of(String key, List<Feature> features) {
    return new AutoValue_History.Builder()
        .setKey(key)
        .setFeatures(List.copyOf(features))
        .setDeduplicateWithin(Duration.ZERO)
        .setAllowedLateness(Duration.ofDays(1))
        .setCap(DEFAULT_CAP)
        .setArrivalOrder(false)
        .setNext(EventStage.none())
        .build();
  }

  /** Labels of the same key, for features of {@link Source#LABELS}. None by default. */
  public History withLabels(PCollection<Event> labels) {
    return toBuilder().setLabels(new Beside(labels)).build();
  }

  /** Takes these for events too, of the same layout: those that came by a longer way. */
  public History withDelayed(PCollection<Event> events) {
    return toBuilder().setDelayed(new Beside(events)).build();
  }

  /**
   * Drops an event whose id was seen, up to this long before the key's newest event. Off by
   * default. It may not be shorter than the allowed lateness, or a repeat could not be told from an
   * event.
   */
  public History deduplicatingWithin(Duration duration) {
    return toBuilder().setDeduplicateWithin(duration).build();
  }

  /** How far behind its key's newest an event may be. One day by default. */
  public History withAllowedLateness(Duration duration) {
    return toBuilder().setAllowedLateness(duration).build();
  }

  /** Bounds a hot key's tiles: past it the oldest two are merged, and counted. */
  public History withCap(int tiles) {
    if (tiles < 2) {
      throw new IllegalArgumentException("cap: found %d, expected 2 or more".formatted(tiles));
    }
    return toBuilder().setCap(tiles).build();
  }

  /** Processes a bounded input in the order in which it comes, as an unbounded one. */
  public History inArrivalOrder() {
    return toBuilder().setArrivalOrder(true).build();
  }

  /**
   * Does the work of {@code stage} on what it would emit; its dead letters are among those here.
   */
  public History then(EventStage stage) {
    return toBuilder().setNext(next().then(stage)).build();
  }

  @Override
  public StageResult<Event> expand(PCollection<Event> events) {
    if (!deduplicateWithin().isZero() && allowedLateness().compareTo(deduplicateWithin()) > 0) {
      throw new IllegalArgumentException(
          "allowedLateness: found %s, expected at most deduplicateWithin, %s: of a later event it could not be told whether it is a repeat"
              .formatted(allowedLateness(), deduplicateWithin()));
    }
    EventLayout layout = EventCoder.layoutOf(events);
    Beside labels = labels();
    EventLayout labelLayout = labels == null ? null : EventCoder.layoutOf(labels.collection);
    HistoryStep.Settings settings =
        new HistoryStep.Settings(
            features(),
            layout,
            labelLayout,
            layout.plus(columns(features(), layout, labelLayout)),
            deduplicateWithin().toMillis(),
            allowedLateness().toMillis(),
            cap());

    List<UpdateHistory.Input> inputs = new ArrayList<>();
    PCollectionTuple records = PCollectionTuple.empty(events.getPipeline());
    records = with(records, inputs, "events", Source.EVENTS, events);
    Beside delayed = delayed();
    if (delayed != null) {
      records = with(records, inputs, "delayed events", Source.EVENTS, delayed.collection);
    }
    if (labels != null) {
      records = with(records, inputs, "labels", Source.LABELS, labels.collection);
    }
    KeyedWork work = new KeyedWork(settings, next().step(settings.output()));
    return StageResult.of(
        records.apply("Update history", new UpdateHistory(inputs, work, arrivalOrder())),
        UpdateHistory.OUTPUT,
        UpdateHistory.DEAD_LETTERS,
        EventCoder.of(next().layout(settings.output())));
  }

  private PCollectionTuple with(
      PCollectionTuple records,
      List<UpdateHistory.Input> inputs,
      String name,
      Source source,
      PCollection<Event> added) {
    UpdateHistory.Input input =
        new UpdateHistory.Input(name, source, key(), EventCoder.layoutOf(added));
    inputs.add(input);
    return records.and(input.tag(), added);
  }

  /**
   * The columns that features become, once it is checked that they can be computed.
   *
   * @param labels the layout of the labels, null when there are none
   * @throws IllegalArgumentException naming the feature, what was found and what was expected
   */
  public static List<Field> columns(
      List<Feature> features, EventLayout events, @Nullable EventLayout labels) {
    return new FeaturePlan(features, events, labels).columns();
  }

  /** Not serialized with the transform: it only says what to flatten. */
  record Beside(PCollection<Event> collection) {}

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setKey(String key);

    abstract Builder setFeatures(List<Feature> features);

    abstract Builder setLabels(Beside labels);

    abstract Builder setDelayed(Beside events);

    abstract Builder setDeduplicateWithin(Duration duration);

    abstract Builder setAllowedLateness(Duration duration);

    abstract Builder setCap(int cap);

    abstract Builder setArrivalOrder(boolean arrivalOrder);

    abstract Builder setNext(EventStage next);

    abstract History build();
  }
}
