package dev.millrace.pipelines.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardSimulationTest {
  private static final CardSimulation SMALL =
      CardSimulation.of(7).withCustomers(200).withTerminals(400);

  @Test
  void the_same_seed_gives_the_same_events_and_another_seed_others() {
    List<CardEvent> events = all(SMALL.withDays(20).events());
    assertThat(all(SMALL.withDays(20).events())).isEqualTo(events);
    CardSimulation other = CardSimulation.of(8).withCustomers(200).withTerminals(400);
    assertThat(all(other.withDays(20).events())).isNotEqualTo(events);
  }

  @Test
  void a_longer_run_begins_as_a_shorter_one() {
    List<CardPayment> shorter = all(SMALL.withPayments(1_000).payments());
    assertThat(shorter).hasSize(1_000);
    assertThat(all(SMALL.withPayments(3_000).payments()).subList(0, 1_000)).isEqualTo(shorter);
  }

  @Test
  void reports_and_their_delays_do_not_change_the_payments() {
    List<CardPayment> reported =
        all(SMALL.withDays(10).events()).stream()
            .filter(CardPayment.class::isInstance)
            .map(CardPayment.class::cast)
            .toList();
    assertThat(reported).isEqualTo(all(SMALL.withDays(10).payments()));
  }

  @Test
  void events_come_in_time_order_with_unique_numbered_ids() {
    List<CardPayment> payments = all(SMALL.withDays(30).payments());
    assertThat(payments.get(42).id()).isEqualTo("tx-00000042");
    assertThat(payments).extracting(CardPayment::id).doesNotHaveDuplicates().isSorted();
    assertThat(all(SMALL.withDays(30).events())).extracting(CardEvent::at).isSorted();
  }

  @Test
  void every_payment_gets_one_report_between_one_and_seven_days_after_it() {
    List<CardEvent> events = all(SMALL.withDays(30).events());
    List<String> paid = new ArrayList<>();
    List<String> reported = new ArrayList<>();
    for (CardEvent event : events) {
      if (event instanceof FraudReport report) {
        Instant paidAt = report.payment().occurredAt();
        assertThat(report.reportedAt())
            .isBetween(paidAt.plus(FraudReport.SOONEST), paidAt.plus(FraudReport.LATEST));
        assertThat(paid).contains(report.payment().id());
        reported.add(report.payment().id());
      } else {
        paid.add(((CardPayment) event).id());
      }
    }
    assertThat(reported).containsExactlyInAnyOrderElementsOf(paid);
    assertThat(FraudReport.LATEST).isLessThan(Duration.ofDays(7));
  }

  @Test
  void the_last_day_is_whole_and_the_first_day_is_the_named_one() {
    LocalDate first = LocalDate.of(2026, 2, 27);
    List<CardPayment> payments = all(SMALL.withFirstDay(first).withDays(3).payments());
    assertThat(payments.get(0).occurredAt()).isBetween(at("2026-02-27"), at("2026-02-28"));
    assertThat(payments.get(payments.size() - 1).occurredAt())
        .isBetween(at("2026-03-01"), at("2026-03-02"));
  }

  @Test
  void two_million_events_are_streamed_with_a_week_of_reports_held() {
    ReportedPayments events =
        (ReportedPayments) CardSimulation.of(3).withPayments(1_000_000).events();
    int mostPending = 0;
    long count = 0;
    Instant last = Instant.MIN;
    while (events.hasNext()) {
      Instant now = events.next().at();
      assertThat(now.isBefore(last)).isFalse();
      last = now;
      mostPending = Math.max(mostPending, events.pending());
      count++;
    }
    assertThat(count).isEqualTo(2_000_000);
    // The mean delay of 3.95 days, and 9,700 payments a day.
    assertThat(mostPending).isBetween(36_000, 42_000);
  }

  @Test
  void frauds_already_under_way_are_as_frequent_on_the_first_days_as_later() {
    CardSimulation simulation = CardSimulation.of(5).withDays(3);
    assertThat(fraudRate(simulation)).isLessThan(0.002);
    assertThat(fraudRate(simulation.withFraudUnderWay(true))).isCloseTo(0.0088, within(0.003));
  }

  @Test
  void a_tenth_of_the_population_keeps_the_fraud_rate() {
    CardSimulation shrunk =
        CardSimulation.of(11)
            .withCustomers(500)
            .withTerminals(1_000)
            .withFraudUnderWay(true)
            .withDays(600);
    assertThat(fraudRate(shrunk)).isCloseTo(0.0088, within(0.001));
  }

  @Test
  void the_distance_grows_so_that_as_many_terminals_are_in_reach() {
    assertThat(Population.reach(10_000)).isEqualTo(5.0);
    assertThat(Population.reach(400)).isEqualTo(25.0);
    assertThat(meanInReach(CardSimulation.of(1))).isCloseTo(75, within(4.0));
    assertThat(meanInReach(CardSimulation.of(1).withTerminals(2_000))).isCloseTo(71, within(5.0));
  }

  @Test
  void a_single_customer_pays_at_a_single_terminal() {
    CardSimulation lonely = CardSimulation.of(2).withCustomers(1).withTerminals(1);
    assertThat(all(lonely.withPayments(50).payments()))
        .hasSize(50)
        .allMatch(payment -> payment.terminalId().equals("terminal-00000"));
  }

  @Test
  void settings_out_of_range_are_named() {
    assertThatThrownBy(() -> CardSimulation.of(1).withCustomers(0))
        .hasMessage("customers must be at least 1, but is 0");
    assertThatThrownBy(() -> CardSimulation.of(1).withTerminals(-2))
        .hasMessage("terminals must be at least 1, but is -2");
    assertThatThrownBy(() -> CardSimulation.of(1).withDays(0)).hasMessageContaining("days");
    assertThatThrownBy(() -> CardSimulation.of(1).withPayments(0)).hasMessageContaining("payments");
  }

  private static double meanInReach(CardSimulation settings) {
    Population population = Population.of(settings);
    long sum = 0;
    for (int i = 0; i < population.customers(); i++) {
      sum += population.inReach(i).length;
    }
    return (double) sum / population.customers();
  }

  private static double fraudRate(CardSimulation simulation) {
    long count = 0;
    long frauds = 0;
    for (Iterator<CardPayment> payments = simulation.payments(); payments.hasNext(); count++) {
      frauds += payments.next().fraud() ? 1 : 0;
    }
    return (double) frauds / count;
  }

  private static Instant at(String day) {
    return Instant.parse(day + "T00:00:00Z");
  }

  private static <T> List<T> all(Iterator<T> iterator) {
    List<T> list = new ArrayList<>();
    iterator.forEachRemaining(list::add);
    return list;
  }
}
