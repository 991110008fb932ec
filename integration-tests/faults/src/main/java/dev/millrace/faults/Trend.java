package dev.millrace.faults;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A figure that should stay where it is. It is flat when its median over the last third of a soak
 * is at most so much above that over the middle third, or not above what the middle third had twice
 * (garbage and compaction go up and down); the first third is for growing up.
 */
enum Trend {
  HEAP("MB", 1.10, 16, Minute::heapMb),
  RESIDENT("MB", 1.05, 32, Minute::residentMb),
  THREADS("", 1.02, 4, Minute::threads),
  STATE("MB", 1.10, 1, Minute::stateMb),
  P50("ms", 1.25, 2, Minute::p50),
  P99("ms", 1.5, 10, Minute::p99);

  private final String unit;
  private final double times;
  private final double more;

  @SuppressWarnings("ImmutableEnumChecker") // a reference to a record's accessor
  private final ToDoubleFunction<Minute> value;

  /**
   * @param times growth up to which it is flat
   * @param more growth in its unit that is none yet
   */
  Trend(String unit, double times, double more, ToDoubleFunction<Minute> value) {
    this.unit = unit;
    this.times = times;
    this.more = more;
    this.value = value;
  }

  /** As reports name it. */
  String word() {
    return name().toLowerCase(Locale.ROOT) + (unit.isEmpty() ? "" : ", " + unit);
  }

  double of(Minute minute) {
    return value.applyAsDouble(minute);
  }

  double middle(List<Minute> soak) {
    return median(middleThird(soak));
  }

  double end(List<Minute> soak) {
    return median(soak.subList(soak.size() * 2 / 3, soak.size()));
  }

  boolean isFlat(List<Minute> soak) {
    double middle = middle(soak);
    double twice = secondHighest(middleThird(soak));
    return end(soak) <= Math.max(twice, Math.max(middle * times, middle + more));
  }

  private static List<Minute> middleThird(List<Minute> soak) {
    return soak.subList(soak.size() / 3, soak.size() * 2 / 3);
  }

  private double secondHighest(List<Minute> minutes) {
    double[] sorted = sorted(minutes);
    return sorted.length < 2 ? Double.NEGATIVE_INFINITY : sorted[sorted.length - 2];
  }

  private double[] sorted(List<Minute> minutes) {
    return minutes.stream().mapToDouble(value).sorted().toArray();
  }

  private double median(List<Minute> minutes) {
    double[] sorted = sorted(minutes);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
