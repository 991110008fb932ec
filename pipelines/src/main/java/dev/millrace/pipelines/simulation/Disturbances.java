package dev.millrace.pipelines.simulation;

import java.time.Duration;

/**
 * How a network misbehaves towards payments; reports always arrive sound and in time order.
 *
 * <p>Each is a probability between 0 and 1 that is drawn for every payment. No payment is ever lost
 * or replaced: late and displaced ones arrive later, duplicates, malformed payloads and unknown
 * schema ids are extra deliveries. So the unique valid payments are those of the simulation,
 * whatever is switched on.
 *
 * @param reach displaced payments and duplicates come after 1 to this many further payments
 * @param lateBy late payments come when payments have got this much further in time
 */
public record Disturbances(
    double duplicates,
    double outOfOrder,
    double late,
    double malformed,
    double unknownSchemaIds,
    int reach,
    Duration lateBy) {

  public Disturbances {
    requireProbability("duplicates", duplicates);
    requireProbability("outOfOrder", outOfOrder);
    requireProbability("late", late);
    requireProbability("malformed", malformed);
    requireProbability("unknownSchemaIds", unknownSchemaIds);
    if (late == 1) {
      throw new IllegalArgumentException(
          "late must be below 1, but is 1: when all payments are late, none is later than another");
    }
    if (reach < 1) {
      throw new IllegalArgumentException("reach must be at least 1, but is " + reach);
    }
    if (lateBy.isNegative() || lateBy.isZero()) {
      throw new IllegalArgumentException("lateBy must be positive, but is " + lateBy);
    }
  }

  /** A network without fault. */
  public static Disturbances none() {
    return new Disturbances(0, 0, 0, 0, 0, 50, Duration.ofDays(1));
  }

  /** A payment is sent again shortly after, with the same bytes; never by default. */
  public Disturbances withDuplicates(double probability) {
    return new Disturbances(
        probability, outOfOrder, late, malformed, unknownSchemaIds, reach, lateBy);
  }

  /** A payment is overtaken by up to {@link #reach} others; never by default. */
  public Disturbances withOutOfOrder(double probability) {
    return new Disturbances(
        duplicates, probability, late, malformed, unknownSchemaIds, reach, lateBy);
  }

  /** A payment arrives late by {@link #lateBy} or a little more; never by default. */
  public Disturbances withLate(double probability) {
    return new Disturbances(
        duplicates, outOfOrder, probability, malformed, unknownSchemaIds, reach, lateBy);
  }

  /** An extra payload that cannot be decoded, of four sorts by turns; never by default. */
  public Disturbances withMalformed(double probability) {
    return new Disturbances(
        duplicates, outOfOrder, late, probability, unknownSchemaIds, reach, lateBy);
  }

  /** An extra payload whose schema id is unknown; never by default; needs framing. */
  public Disturbances withUnknownSchemaIds(double probability) {
    return new Disturbances(duplicates, outOfOrder, late, malformed, probability, reach, lateBy);
  }

  /** How many payments may overtake a displaced one or precede a duplicate; 50 by default. */
  public Disturbances withReach(int payments) {
    return new Disturbances(
        duplicates, outOfOrder, late, malformed, unknownSchemaIds, payments, lateBy);
  }

  /** The event time by which late payments are late, at least; one day by default. */
  public Disturbances withLateBy(Duration lateBy) {
    return new Disturbances(
        duplicates, outOfOrder, late, malformed, unknownSchemaIds, reach, lateBy);
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          name + " must be a probability from 0 to 1, but is " + value);
    }
  }
}
