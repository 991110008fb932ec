package dev.millrace.benchmark.handwritten;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CustomerHistoryTest {

  private final CustomerHistory history = new CustomerHistory();
  private final Decision decision = new Decision();

  @Test
  void windows_are_a_day_a_week_and_a_month_and_hold_the_payment_itself() {
    assertThat(add("a", 0, 10)).isTrue();
    assertThat(add("b", 25, 20)).isTrue();
    assertThat(add("c", 24 * 8, 60)).isTrue();

    assertThat(decision.counts).containsExactly(1, 2, 3);
    assertThat(decision.means).containsExactly(60, 40, 30);
  }

  @Test
  void a_payment_exactly_a_day_before_is_not_of_the_day() {
    add("a", 0, 10);
    add("b", 24, 20);

    assertThat(decision.counts).containsExactly(1, 2, 2);
  }

  @Test
  void a_repeat_changes_nothing() {
    add("a", 0, 10);

    assertThat(add("a", 0, 10)).isFalse();
    assertThat(history.size).isEqualTo(1);
  }

  @Test
  void a_payment_that_arrives_late_sees_only_its_past() {
    add("a", 10, 10);
    add("b", 20, 20);
    add("c", 15, 60);

    assertThat(decision.counts).containsExactly(2, 2, 2);
    assertThat(decision.means).containsExactly(35, 35, 35);
  }

  @Test
  void what_no_window_can_reach_is_forgotten() {
    add("a", 0, 10);
    add("b", 24 * 38, 20);

    assertThat(history.size).isEqualTo(1);
  }

  private boolean add(String id, long hours, double amount) {
    Payment payment = new Payment();
    payment.id = id;
    payment.time = Duration.ofHours(hours).toMillis();
    payment.amount = amount;
    decision.payment = payment;
    return history.add(payment, decision);
  }
}
