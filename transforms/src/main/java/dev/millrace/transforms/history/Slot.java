package dev.millrace.transforms.history;

import dev.millrace.transforms.history.Feature.Source;
import org.jspecify.annotations.Nullable;

/**
 * One number of a tile. Two features that need the same number share its slot.
 *
 * @param squares for {@link Kind#SQUARES}, the indexes of the count and the sum it goes with
 */
record Slot(
    Kind kind, Source source, @Nullable String field, @Nullable String where, Companions squares) {

  /** How the numbers of two tiles become that of both. */
  enum Kind {
    COUNT(0),
    SUM(0),
    MIN(Double.POSITIVE_INFINITY),
    MAX(Double.NEGATIVE_INFINITY),
    /** The sum of squared differences from the mean. */
    SQUARES(0),
    /** Not a number where there is none. */
    LAST(Double.NaN);

    private final double none;

    Kind(double none) {
      this.none = none;
    }

    /** The number of a tile without events. */
    double none() {
      return none;
    }
  }

  record Companions(int count, int sum) {
    static final Companions NONE = new Companions(-1, -1);
  }

  /** Names the slot in stored state, whatever its place: the same in every run and JVM. */
  int id() {
    return (kind.name() + "|" + source.name() + "|" + field + "|" + where).hashCode();
  }

  /** The number of {@code later} on top of {@code earlier}; squares need more, see TileMerge. */
  double merge(double earlier, double later) {
    return switch (kind) {
      case COUNT, SUM, SQUARES -> earlier + later;
      case MIN -> Math.min(earlier, later);
      case MAX -> Math.max(earlier, later);
      case LAST -> Double.isNaN(later) ? earlier : later;
    };
  }
}
