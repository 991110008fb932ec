package dev.millrace.pipelines.simulation;

import java.time.Duration;
import java.time.Instant;

/**
 * What an investigation found about a payment, fraud or not. Every payment gets exactly one, {@link
 * #SOONEST} to {@link #LATEST} after it.
 */
public record FraudReport(CardPayment payment, Instant reportedAt) implements CardEvent {
  public static final Duration SOONEST = Duration.ofDays(1);

  /** A tenth of a day below seven, so that features with seven days' delay know every label. */
  public static final Duration LATEST = Duration.ofDays(7).minusMinutes(144);

  @Override
  public Instant at() {
    return reportedAt;
  }

  @Override
  public String customerId() {
    return payment.customerId();
  }
}
