package dev.millrace.pipelines.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** 122 simulated days against what is known of the handbook's published 122 days. */
class PublishedFactsTest {
  private static final double PUBLISHED_PAYMENTS = 1_169_723;
  private static final double PUBLISHED_MEAN_AMOUNT = 53.62;

  /** The published shares of the hours from midnight to 11; the afternoon mirrors the morning. */
  private static final double[] PUBLISHED_HOURS = {
    .0085, .0125, .0172, .0230, .0299, .0372, .0456, .0535, .0609, .0664, .0718, .0734
  };

  private static final long[] BY_SCENARIO = new long[4];
  private static final long[] BY_HOUR = new long[24];
  private static final Set<String> CUSTOMERS = new HashSet<>();
  private static final Set<String> TERMINALS = new HashSet<>();
  private static long count;
  private static double sum;
  private static double least = Double.MAX_VALUE;
  private static double most;
  private static long honestAboveLimit;

  @BeforeAll
  static void simulate() {
    Iterator<CardPayment> payments = CardSimulation.of(2018).withDays(122).payments();
    while (payments.hasNext()) {
      CardPayment payment = payments.next();
      assertThat(payment.fraud()).isEqualTo(payment.scenario() > 0);
      count++;
      sum += payment.amount();
      least = Math.min(least, payment.amount());
      most = Math.max(most, payment.amount());
      BY_SCENARIO[payment.scenario()]++;
      BY_HOUR[payment.occurredAt().atOffset(ZoneOffset.UTC).getHour()]++;
      CUSTOMERS.add(payment.customerId());
      TERMINALS.add(payment.terminalId());
      honestAboveLimit += !payment.fraud() && payment.amount() > 220 ? 1 : 0;
    }
  }

  @Test
  void as_many_payments_by_nearly_all_customers_at_all_terminals() {
    assertThat((double) count).isCloseTo(PUBLISHED_PAYMENTS, within(0.04 * PUBLISHED_PAYMENTS));
    assertThat(CUSTOMERS).hasSizeBetween(4_950, 5_000);
    assertThat(TERMINALS).hasSizeGreaterThan(9_990);
  }

  @Test
  void as_many_frauds_of_each_scenario() {
    assertThat(1 - BY_SCENARIO[0] / (double) count).isCloseTo(0.00809, within(0.0008));
    assertThat(share(BY_SCENARIO[1])).isCloseTo(660 / PUBLISHED_PAYMENTS, within(0.0002));
    assertThat(share(BY_SCENARIO[2])).isCloseTo(5_749 / PUBLISHED_PAYMENTS, within(0.0006));
    assertThat(share(BY_SCENARIO[3])).isCloseTo(3_056 / PUBLISHED_PAYMENTS, within(0.0006));
    assertThat(honestAboveLimit).isZero();
  }

  @Test
  void amounts_have_the_published_mean_and_are_never_nothing() {
    assertThat(sum / count).isCloseTo(PUBLISHED_MEAN_AMOUNT, within(2.0));
    assertThat(least).isEqualTo(0.01);
    assertThat(most).isBetween(700.0, 1_500.0);
  }

  @Test
  void the_day_has_its_peak_at_noon() {
    for (int hour = 0; hour < 12; hour++) {
      assertThat(share(BY_HOUR[hour])).isCloseTo(PUBLISHED_HOURS[hour], within(0.001));
      assertThat(share(BY_HOUR[23 - hour])).isCloseTo(PUBLISHED_HOURS[hour], within(0.001));
    }
  }

  private static double share(long part) {
    return part / (double) count;
  }
}
