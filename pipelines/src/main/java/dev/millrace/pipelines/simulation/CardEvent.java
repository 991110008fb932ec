package dev.millrace.pipelines.simulation;

import java.time.Instant;

/** Something that becomes known at one time: a payment when it is made, a report when published. */
public sealed interface CardEvent permits CardPayment, FraudReport {

  /** When it becomes known; events come in the order of this time. */
  Instant at();

  /** The customer it is about, by whom a topic is partitioned. */
  String customerId();
}
