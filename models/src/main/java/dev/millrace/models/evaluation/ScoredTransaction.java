package dev.millrace.models.evaluation;

import java.time.Instant;

/**
 * A transaction with its true label, and the score a model gave it.
 *
 * @param customer whose card it was
 * @param score higher is more suspicious; NaN where no score is needed, because the transaction is
 *     not of a test day
 */
public record ScoredTransaction(String customer, Instant time, boolean fraud, double score) {

  /** A transaction of a training or delay day, of which only customer and label matter. */
  public static ScoredTransaction unscored(String customer, Instant time, boolean fraud) {
    return new ScoredTransaction(customer, time, fraud, Double.NaN);
  }
}
