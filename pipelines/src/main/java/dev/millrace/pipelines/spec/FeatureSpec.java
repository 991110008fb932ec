package dev.millrace.pipelines.spec;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate over the past of one key: for an event at time t, over the elements of its key with
 * {@code t - delay - over < t' <= t - delay}.
 *
 * @param source whether events or labels are aggregated
 * @param field what is aggregated; null exactly for {@link Aggregate#COUNT}
 * @param where a boolean field or a CEL expression that picks the elements; null for all of them
 */
public record FeatureSpec(
    Aggregate aggregate,
    Source source,
    @Nullable String field,
    @Nullable String where,
    Duration over,
    Duration delay) {

  public FeatureSpec {
    String word = aggregate.name().toLowerCase(Locale.ROOT);
    if (aggregate == Aggregate.COUNT && field != null) {
      throw new IllegalArgumentException(
          "found the field '" + field + "' for " + word + ", expected none");
    }
    if (aggregate != Aggregate.COUNT && field == null) {
      throw new IllegalArgumentException("found no field for " + word + ", expected one");
    }
    if (over.isZero() || over.isNegative()) {
      throw new IllegalArgumentException(
          "found over " + DurationText.format(over) + ", expected more than nothing");
    }
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "found delay " + DurationText.format(delay) + ", expected nothing or more");
    }
  }

  /** How the elements of a window become one value. */
  public enum Aggregate {
    COUNT,
    SUM,
    MEAN,
    MIN,
    MAX,
    STDDEV,
    LAST
  }

  /** Which of the two streams is aggregated. */
  public enum Source {
    EVENTS,
    LABELS
  }
}
