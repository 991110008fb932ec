package dev.millrace.benchmark.cards;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The value in the middle; of an even number, the mean of the two. */
final class Medians {

  private Medians() {}

  static double of(Collection<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  static <T> double of(Collection<T> all, ToDoubleFunction<T> value) {
    return of(all.stream().map(value::applyAsDouble).toList());
  }
}
