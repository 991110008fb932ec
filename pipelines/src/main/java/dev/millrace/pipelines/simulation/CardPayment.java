package dev.millrace.pipelines.simulation;

import java.time.Instant;

/**
 * A payment by card.
 *
 * @param id unique in its simulation, numbered in time order: {@code tx-00000042}
 * @param occurredAt in whole seconds
 * @param amount at least 0.01, in whole cents
 * @param fraud the truth, known to a {@link FraudReport} only
 * @param scenario 0 for an honest payment, 1 to 3 for how {@link CardSimulation} made the fraud
 */
public record CardPayment(
    String id,
    Instant occurredAt,
    String customerId,
    String terminalId,
    double amount,
    boolean fraud,
    int scenario)
    implements CardEvent {

  @Override
  public Instant at() {
    return occurredAt;
  }

  /** The same payment under another id. */
  CardPayment withId(String otherId) {
    return new CardPayment(otherId, occurredAt, customerId, terminalId, amount, fraud, scenario);
  }
}
