package dev.millrace.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The features of faults.yaml by their definition, over every payment that came before: slow, and
 * too simple to be wrong. Payments of a customer are given in the order in which they came.
 */
final class Recomputation {

  private static final long DAY = 86_400_000;

  private record Past(long time, double amount) {}

  private final Map<String, List<Past>> customers = new HashMap<>();

  /** The features of a payment, by name; the payment itself is among its customer's past then. */
  Map<String, Double> features(String customer, long time, double amount) {
    List<Past> past = customers.computeIfAbsent(customer, unseen -> new ArrayList<>());
    past.add(new Past(time, amount));
    Map<String, Double> features = new LinkedHashMap<>();
    for (int days : new int[] {1, 7, 30}) {
      List<Double> amounts = within(past, time, days);
      features.put("customer_count_%dd".formatted(days), (double) amounts.size());
      features.put("customer_mean_%dd".formatted(days), mean(amounts));
    }
    features.put(
        "customer_largest_7d",
        within(past, time, 7).stream().mapToDouble(Double::doubleValue).max().orElse(0));
    features.put("customer_spread_30d", spread(within(past, time, 30)));
    return features;
  }

  /** The amounts of (time - days, time]. */
  private static List<Double> within(List<Past> past, long time, int days) {
    return past.stream()
        .filter(one -> one.time > time - days * DAY && one.time <= time)
        .map(Past::amount)
        .toList();
  }

  private static double mean(List<Double> amounts) {
    return amounts.stream().mapToDouble(Double::doubleValue).sum() / amounts.size();
  }

  /** The sample standard deviation; 0 of fewer than two. */
  private static double spread(List<Double> amounts) {
    if (amounts.size() < 2) {
      return 0;
    }
    double mean = mean(amounts);
    double squares = amounts.stream().mapToDouble(a -> (a - mean) * (a - mean)).sum();
    return Math.sqrt(squares / (amounts.size() - 1));
  }
}
