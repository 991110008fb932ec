package dev.millrace.pipelines.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
  private static final CardSimulation SIMULATION =
      CardSimulation.of(4).withCustomers(500).withTerminals(1_000).withPayments(20_000);

  private static final Disturbances ALL =
      Disturbances.none()
          .withDuplicates(0.03)
          .withOutOfOrder(0.05)
          .withLate(0.01)
          .withMalformed(0.02)
          .withUnknownSchemaIds(0.01);

  @Test
  void without_disturbances_the_events_arrive_as_they_happen() {
    Deliveries deliveries = SIMULATION.deliveries(Disturbances.none());
    Iterator<CardEvent> events = SIMULATION.events();
    while (events.hasNext()) {
      assertThat(deliveries.next()).isEqualTo(new Delivery(events.next(), Flaw.NONE));
    }
    assertThat(deliveries.hasNext()).isFalse();
    assertThat(deliveries.truth().payments()).isEqualTo(20_000);
    assertThat(deliveries.truth().sentAsPayments()).isEqualTo(20_000);
    assertThat(deliveries.truth().reports()).isEqualTo(20_000);
  }

  @Test
  void the_truth_counts_exactly_what_is_seen() {
    Deliveries deliveries = SIMULATION.deliveries(ALL);
    Map<Flaw, Long> seen = new EnumMap<>(Flaw.class);
    Map<String, CardPayment> unique = new HashMap<>();
    Set<String> bad = new HashSet<>();
    long frauds = 0;
    Instant newest = Instant.MIN;
    for (Delivery delivery : all(deliveries)) {
      if (!(delivery.event() instanceof CardPayment payment)) {
        continue;
      }
      Flaw flaw = delivery.flaw();
      seen.merge(flaw, 1L, Long::sum);
      if (flaw.isFirstOfItsId()) {
        assertThat(flaw).isEqualTo(observed(payment, newest));
        assertThat(unique.put(payment.id(), payment)).isNull();
        frauds += payment.fraud() ? 1 : 0;
        newest = payment.at().isAfter(newest) ? payment.at() : newest;
      } else if (flaw == Flaw.DUPLICATE) {
        assertThat(unique).containsEntry(payment.id(), payment);
      } else {
        assertThat(bad.add(payment.id())).isTrue();
      }
    }
    GroundTruth truth = deliveries.truth();
    assertThat(truth.deliveries()).isEqualTo(seen);
    assertThat(truth.payments()).isEqualTo(20_000).isEqualTo(unique.size());
    assertThat(truth.frauds()).isEqualTo(frauds);
    assertThat(truth.malformed() + truth.unknownSchemaIds()).isEqualTo(bad.size());
    assertThat(unique).doesNotContainKeys(bad.toArray(String[]::new));
    assertThat(unique.values()).containsExactlyInAnyOrderElementsOf(all(SIMULATION.payments()));
  }

  @Test
  void each_disturbance_comes_as_often_as_asked() {
    Deliveries deliveries = SIMULATION.deliveries(ALL);
    all(deliveries);
    GroundTruth truth = deliveries.truth();
    assertThat(truth.duplicates()).isBetween(500L, 700L);
    assertThat(truth.count(Flaw.OUT_OF_ORDER)).isBetween(850L, 1_150L);
    assertThat(truth.count(Flaw.LATE)).isBetween(150L, 250L);
    assertThat(truth.malformed()).isBetween(320L, 480L);
    assertThat(truth.count(Flaw.TRUNCATED)).isBetween(80L, 120L);
    assertThat(truth.count(Flaw.EMPTY)).isBetween(80L, 120L);
    assertThat(truth.unknownSchemaIds()).isBetween(150L, 250L);
  }

  @Test
  void the_same_seed_disturbs_the_same_way() {
    assertThat(all(SIMULATION.deliveries(ALL))).isEqualTo(all(SIMULATION.deliveries(ALL)));
  }

  @Test
  void what_is_held_back_stays_small() {
    Deliveries deliveries = SIMULATION.deliveries(ALL.withReach(10));
    int most = 0;
    while (deliveries.hasNext()) {
      deliveries.next();
      most = Math.max(most, deliveries.pending());
    }
    // A day's late ones, about 10, and a few displaced ones and duplicates.
    assertThat(most).isBetween(5, 40);
  }

  @Test
  void late_payments_are_late_by_the_given_time_and_displaced_ones_within_reach() {
    Disturbances disturbances =
        Disturbances.none()
            .withLate(0.01)
            .withOutOfOrder(0.01)
            .withReach(3)
            .withLateBy(Duration.ofHours(30));
    Instant newest = Instant.MIN;
    int newestTurn = 0;
    for (Delivery delivery : all(SIMULATION.deliveries(disturbances))) {
      if (delivery.event() instanceof CardPayment payment) {
        if (delivery.flaw() == Flaw.LATE) {
          assertThat(Duration.between(payment.at(), newest)).isBetween(hours(30), hours(45));
        } else if (delivery.flaw() == Flaw.OUT_OF_ORDER && newestTurn < 19_500) {
          assertThat(newestTurn - turn(payment)).isBetween(1, 3);
        }
        newestTurn = Math.max(newestTurn, turn(payment));
        newest = payment.at().isAfter(newest) ? payment.at() : newest;
      }
    }
  }

  @Test
  void everything_displaced_still_arrives() {
    Deliveries deliveries =
        SIMULATION.deliveries(Disturbances.none().withOutOfOrder(1).withDuplicates(1).withLate(.9));
    all(deliveries);
    assertThat(deliveries.truth().payments()).isEqualTo(20_000);
    assertThat(deliveries.truth().duplicates()).isEqualTo(20_000);
  }

  @Test
  void settings_out_of_range_are_named() {
    Disturbances none = Disturbances.none();
    assertThatThrownBy(() -> none.withDuplicates(1.5))
        .hasMessage("duplicates must be a probability from 0 to 1, but is 1.5");
    assertThatThrownBy(() -> none.withMalformed(Double.NaN)).hasMessageContaining("malformed");
    assertThatThrownBy(() -> none.withLate(1)).hasMessageContaining("late must be below 1");
    assertThatThrownBy(() -> none.withReach(0)).hasMessageContaining("reach");
    assertThatThrownBy(() -> none.withLateBy(Duration.ZERO)).hasMessageContaining("lateBy");
  }

  private static Flaw observed(CardPayment payment, Instant newest) {
    if (!payment.at().plus(Duration.ofDays(1)).isAfter(newest)) {
      return Flaw.LATE;
    }
    return newest.isAfter(payment.at()) ? Flaw.OUT_OF_ORDER : Flaw.NONE;
  }

  /** How many payments were made before it. */
  private static int turn(CardPayment payment) {
    return Integer.parseInt(payment.id().substring("tx-".length()));
  }

  private static Duration hours(int hours) {
    return Duration.ofHours(hours);
  }

  private static <T> List<T> all(Iterator<T> iterator) {
    List<T> list = new ArrayList<>();
    iterator.forEachRemaining(list::add);
    return list;
  }
}
