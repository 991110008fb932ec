package dev.millrace.pipelines.simulation;

import java.util.Map;

/**
 * What was really delivered so far, to count a pipeline's results against.
 *
 * @param deliveries of payments, by flaw; every flaw is a key
 * @param frauds the frauds among the unique valid payments
 * @param reports each with one payment
 */
public record GroundTruth(Map<Flaw, Long> deliveries, long frauds, long reports) {
  public GroundTruth {
    deliveries = Map.copyOf(deliveries);
  }

  /** Unique valid payments: each must lead to exactly one decision, or one dead letter if late. */
  public long payments() {
    return count(Flaw.NONE) + count(Flaw.OUT_OF_ORDER) + count(Flaw.LATE);
  }

  public long duplicates() {
    return count(Flaw.DUPLICATE);
  }

  public long malformed() {
    return count(Flaw.TRUNCATED)
        + count(Flaw.RANDOM_BYTES)
        + count(Flaw.WRONG_MAGIC)
        + count(Flaw.EMPTY);
  }

  public long unknownSchemaIds() {
    return count(Flaw.UNKNOWN_SCHEMA_ID);
  }

  /** Everything sent as a payment: unique ones, duplicates, malformed, unknown schema ids. */
  public long sentAsPayments() {
    return payments() + duplicates() + malformed() + unknownSchemaIds();
  }

  public long count(Flaw flaw) {
    return deliveries.getOrDefault(flaw, 0L);
  }
}
