package dev.millrace.transforms.history;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One feature of a key: for an event at time t, the aggregate over the distinct events (or labels)
 * of the same key with {@code t - delay - over < t' <= t - delay}, the event itself included when
 * there is no delay, and of equal times those processed before.
 *
 * @param name the column it becomes
 * @param field the number or boolean that is aggregated; null for a count of all
 * @param where a CEL condition over the same record that must hold for it to count; null for all
 * @param over the length of the window, more than zero
 * @param delay how long ago the window ends, as when labels take that long to arrive
 */
public record Feature(
    String name,
    Aggregate aggregate,
    Source source,
    @Nullable String field,
    @Nullable String where,
    Duration over,
    Duration delay)
    implements Serializable {

  /** Which of the two inputs a feature aggregates. */
  public enum Source {
    EVENTS,
    LABELS
  }

  public Feature {
    if (over.isZero() || over.isNegative() || delay.isNegative()) {
      throw new IllegalArgumentException(
          "feature '%s': found over %s, delay %s, expected over > 0 and delay >= 0"
              .formatted(name, over, delay));
    }
    if (aggregate != Aggregate.COUNT && field == null) {
      throw new IllegalArgumentException(
          "feature '%s': found no field, expected the one to take the %s of"
              .formatted(name, aggregate));
    }
  }

  /** {@code count} of events over a window that ends now. */
  public static Feature count(String name, Duration over) {
    return of(name, Aggregate.COUNT, null, over);
  }

  /** An aggregate of a field of events over a window that ends now. */
  public static Feature of(
      String name, Aggregate aggregate, @Nullable String field, Duration over) {
    return new Feature(name, aggregate, Source.EVENTS, field, null, over, Duration.ZERO);
  }

  public Feature ofLabels() {
    return new Feature(name, aggregate, Source.LABELS, field, where, over, delay);
  }

  public Feature where(String condition) {
    return new Feature(name, aggregate, source, field, condition, over, delay);
  }

  public Feature delayed(Duration by) {
    return new Feature(name, aggregate, source, field, where, over, by);
  }

  /** How far back from an event its window reaches. */
  Duration reach() {
    return over.plus(delay);
  }
}
