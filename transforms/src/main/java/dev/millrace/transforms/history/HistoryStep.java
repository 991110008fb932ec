package dev.millrace.transforms.history;

import dev.millrace.transforms.event.Attempt;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.history.Feature.Source;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one record does to the state of its key, free of Beam: the same step serves bounded and
 * streaming runs, which is what keeps training and serving alike. Not thread-safe.
 */
final class HistoryStep {

  /**
   * @param labels the layout of labels, null when there are none
   * @param output the layout of {@code events} with a column per feature behind
   * @param deduplicateWithin milliseconds, 0 for no deduplication
   * @param allowedLateness milliseconds
   */
  record Settings(
      List<Feature> features,
      EventLayout events,
      @Nullable EventLayout labels,
      EventLayout output,
      long deduplicateWithin,
      long allowedLateness,
      int cap)
      implements Serializable {}

  enum Kind {
    /** An event, to be emitted with its features. */
    EVENT,
    /** An event whose id the key has seen. */
    DUPLICATE,
    /**
     * An event that was counted, failed behind history, and was sent again: emitted as at first,
     * and not counted.
     */
    REPLAYED,
    /** An event that is too old for its key. */
    LATE_EVENT,
    /** A label that was counted, or seen before. */
    LABEL,
    /** A label so old that no window of a coming event can reach it. */
    LATE_LABEL
  }

  /**
   * @param state what to store, null when nothing changed
   * @param event the event with its features, of {@link Kind#EVENT} and {@link Kind#REPLAYED} only
   * @param lateness how far the record is behind its key's newest event, in milliseconds
   */
  record Outcome(
      Kind kind,
      @Nullable HistoryState state,
      @Nullable Event event,
      long lateness,
      int mergedTiles) {
    static Outcome unchanged(Kind kind, long lateness) {
      return new Outcome(kind, null, null, lateness, 0);
    }
  }

  private final Settings settings;
  private final FeaturePlan plan;
  private final KeyHistory history;
  private final EventBuilder builder;
  private final Column[] columns;
  private final double[] tile;

  HistoryStep(Settings settings) {
    this.settings = settings;
    this.plan = new FeaturePlan(settings.features(), settings.events(), settings.labels());
    this.history = new KeyHistory(plan.slots(), settings.cap());
    this.builder = new EventBuilder(settings.output());
    this.columns =
        settings.features().stream()
            .map(f -> settings.output().column(f.name()))
            .toArray(Column[]::new);
    this.tile = new double[plan.slots().size()];
  }

  /** How long an untouched key's state can still matter, in milliseconds. */
  long retention() {
    return Math.max(plan.reach() + settings.allowedLateness(), settings.deduplicateWithin());
  }

  /**
   * The features for which the state given last to {@link #apply} holds nothing, because they were
   * added after it was stored: they start empty for this key, though it has a past.
   */
  List<String> startingEmpty() {
    int[] slots = history.emptySlots();
    return slots.length == 0 ? List.of() : plan.featuresOf(slots);
  }

  /**
   * Changes {@code stored} in place.
   *
   * @throws dev.millrace.transforms.expression.EvaluationException when a feature's condition
   *     fails; nothing is changed then
   */
  Outcome apply(@Nullable HistoryState stored, HistoryInput input, long now) {
    history.load(stored);
    Event record = input.record();
    boolean first = history.newest() == Long.MIN_VALUE;
    long lateness = first ? 0 : history.newest() - record.time();
    return input.source() == Source.EVENTS
        ? event(record, lateness, now)
        : label(record, lateness, now);
  }

  private Outcome event(Event event, long lateness, long now) {
    boolean deduplicates = settings.deduplicateWithin() > 0;
    Attempt attempt = event.attempt();
    long id = deduplicates ? history.hash(Source.EVENTS, event.idUtf8()) : 0;
    boolean counted = deduplicates ? history.contains(id) : attempt.counted();
    if (counted && !(attempt.counted() && isUnknown(event))) {
      return Outcome.unchanged(Kind.DUPLICATE, lateness);
    }
    if (lateness > settings.allowedLateness()) {
      return Outcome.unchanged(Kind.LATE_EVENT, lateness);
    }
    int merged = counted ? 0 : count(event, id);
    if (deduplicates && !attempt.isFirst()) {
      remember(attemptHash(event), event);
    }
    builder.extend(event);
    plan.write(history, event.time(), builder, columns);
    Event withFeatures = builder.buildAs(event);
    if (!counted && attempt.counted()) {
      // Its next key has not counted it either.
      withFeatures = withFeatures.withAttempt(attempt.uncounted());
    }
    Kind kind = counted ? Kind.REPLAYED : Kind.EVENT;
    return new Outcome(kind, changed(now), withFeatures, lateness, merged);
  }

  private int count(Event event, long id) {
    boolean contributes = plan.contribute(event, Source.EVENTS, tile);
    if (settings.deduplicateWithin() > 0) {
      remember(id, event);
    }
    history.observe(event.time());
    return contributes ? history.add(event.time(), tile) : 0;
  }

  private void remember(long id, Event event) {
    history.remember(id, event.time() + settings.deduplicateWithin());
  }

  /** Whether this attempt of an event is a new one. */
  private boolean isUnknown(Event event) {
    return settings.deduplicateWithin() == 0 || !history.contains(attemptHash(event));
  }

  /** Of another id than the event's own, and than those of its other attempts. */
  private long attemptHash(Event event) {
    byte[] id = event.idUtf8();
    byte[] attempt =
        ByteBuffer.allocate(id.length + 1 + Integer.BYTES)
            .put(id)
            .put((byte) 0)
            .putInt(event.attempt().number())
            .array();
    return history.hash(Source.EVENTS, attempt);
  }

  private Outcome label(Event label, long lateness, long now) {
    if (lateness >= settings.allowedLateness() + plan.reach()) {
      return Outcome.unchanged(Kind.LATE_LABEL, lateness);
    }
    // A label that adds nothing need not be remembered: seen again, it adds nothing again.
    if (!plan.contribute(label, Source.LABELS, tile)) {
      return Outcome.unchanged(Kind.LABEL, lateness);
    }
    long id = history.hash(Source.LABELS, label.idUtf8());
    if (history.contains(id)) {
      return Outcome.unchanged(Kind.LABEL, lateness);
    }
    history.remember(id, label.time() + settings.allowedLateness() + plan.reach());
    int merged = history.add(label.time(), tile);
    return new Outcome(Kind.LABEL, changed(now), null, lateness, merged);
  }

  private HistoryState changed(long now) {
    if (history.newest() != Long.MIN_VALUE && history.isForgetful()) {
      history.forget(history.newest() - settings.allowedLateness() - plan.reach());
    }
    history.seenAt(now);
    return history.state();
  }
}
