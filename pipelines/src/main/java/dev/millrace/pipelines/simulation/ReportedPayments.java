package dev.millrace.pipelines.simulation;

import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Payments and, at a random delay, their reports, merged in time order. */
final class ReportedPayments implements Iterator<CardEvent> {
  private static final long DELAY_SPAN_MILLIS =
      FraudReport.LATEST.minus(FraudReport.SOONEST).toMillis();

  private final Iterator<CardPayment> payments;
  private final Random random;
  private final PriorityQueue<FraudReport> due =
      new PriorityQueue<>(
          Comparator.comparing(FraudReport::reportedAt)
              .thenComparing(report -> report.payment().id()));
  private @Nullable CardPayment ahead;

  ReportedPayments(Iterator<CardPayment> payments, Random random) {
    this.payments = payments;
    this.random = random;
  }

  @Override
  public boolean hasNext() {
    return ahead != null || !due.isEmpty() || payments.hasNext();
  }

  @Override
  public CardEvent next() {
    if (ahead == null && payments.hasNext()) {
      ahead = payments.next();
    }
    FraudReport report = due.peek();
    if (report != null && (ahead == null || !report.at().isAfter(ahead.at()))) {
      return due.remove();
    }
    CardPayment payment = ahead;
    if (payment == null) {
      throw new NoSuchElementException("every payment and every report was handed out");
    }
    ahead = null;
    due.add(new FraudReport(payment, reportTime(payment)));
    return payment;
  }

  /** How many reports are held back, at most those of a week's payments. */
  int pending() {
    return due.size();
  }

  private Instant reportTime(CardPayment payment) {
    long delay = (long) (DELAY_SPAN_MILLIS * random.nextDouble());
    return payment.occurredAt().plus(FraudReport.SOONEST).plusMillis(delay);
  }
}
