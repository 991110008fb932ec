package dev.millrace.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionProtocolTest {

  private static final LocalDate FIRST = LocalDate.parse("2018-07-01");

  /** One day of training, one of delay, two of test, two cards a day. */
  private static final DetectionProtocol SMALL =
      DetectionProtocol.trainedFrom(FIRST)
          .withTrainDays(1)
          .withDelayDays(1)
          .withTestDays(2)
          .withCardsPerDay(2);

  private final List<ScoredTransaction> transactions = new ArrayList<>();

  private void on(int day, String customer, boolean fraud, double score) {
    transactions.add(new ScoredTransaction(customer, at(day), fraud, score));
  }

  private static Instant at(int day) {
    return Instant.parse("2018-07-01T23:59:59Z").plusSeconds(86_400L * day);
  }

  @Test
  void the_handbooks_days_are_the_default() {
    DetectionProtocol protocol = DetectionProtocol.trainedFrom(FIRST);
    assertThat(protocol.isTraining(at(6))).isTrue();
    assertThat(protocol.isTraining(at(7))).isFalse();
    assertThat(protocol.isTest(at(13))).isFalse();
    assertThat(protocol.isTest(at(14))).isTrue();
    assertThat(protocol.isTest(at(20))).isTrue();
    assertThat(protocol.isTest(at(21))).isFalse();
    assertThat(protocol.testFrom()).isEqualTo(LocalDate.parse("2018-07-15"));
    assertThat(protocol.end()).isEqualTo(LocalDate.parse("2018-07-22"));
  }

  @Test
  void cards_rank_by_their_highest_score_and_found_ones_are_not_counted_again() {
    on(2, "found", false, 0.9);
    on(2, "found", true, 0.1);
    on(2, "honest", false, 0.5);
    on(2, "unseen", true, 0.3);
    on(3, "found", true, 0.9);
    on(3, "honest", false, 0.5);
    on(3, "unseen", true, 0.3);
    // Day 2: found and honest are the top two, one is compromised. Day 3: honest and unseen, again
    // one.
    assertThat(SMALL.evaluate(transactions).cardPrecision()).isEqualTo(0.5);
    assertThat(SMALL.withCardsPerDay(1).evaluate(transactions).cardPrecision()).isEqualTo(0.5);
    assertThat(SMALL.withCardsPerDay(3).evaluate(transactions).cardPrecision()).isEqualTo(2.0 / 6);
  }

  @Test
  void customers_drop_out_from_the_day_their_fraud_is_known() {
    transactions.add(ScoredTransaction.unscored("trained on", at(0), true));
    transactions.add(ScoredTransaction.unscored("delayed", at(1), true));
    on(2, "trained on", true, 0.9);
    on(2, "delayed", true, 0.8);
    on(2, "honest", false, 0.1);
    on(3, "trained on", true, 0.9);
    on(3, "delayed", true, 0.8);
    on(3, "fresh", true, 0.7);
    // Day 3 knows the frauds of day 1, day 2 only those of day 0.
    Evaluation evaluation = SMALL.evaluate(transactions);
    assertThat(evaluation.transactions()).isEqualTo(3);
    assertThat(evaluation.frauds()).isEqualTo(2);
    assertThat(evaluation.rocAuc()).isEqualTo(1);
    assertThat(evaluation.averagePrecision()).isEqualTo(1);
    assertThat(evaluation.cardPrecision()).isEqualTo(0.5);
    assertThat(evaluation.metrics())
        .containsEntry("test_frauds", 2.0)
        .containsEntry("card_precision_at_2", 0.5);
  }

  @Test
  void frauds_before_the_training_are_nobodys_knowledge() {
    transactions.add(ScoredTransaction.unscored("early", at(-1), true));
    on(2, "early", true, 0.9);
    on(2, "honest", false, 0.1);
    assertThat(SMALL.evaluate(transactions).frauds()).isEqualTo(1);
  }

  @Test
  void each_span_can_be_chosen() {
    assertThat(SMALL.withTrainDays(3).testFrom()).isEqualTo(FIRST.plusDays(4));
    assertThat(SMALL.withDelayDays(0).testFrom()).isEqualTo(FIRST.plusDays(1));
    assertThat(SMALL.withTestDays(5).end()).isEqualTo(FIRST.plusDays(7));
    assertThatThrownBy(() -> SMALL.withTestDays(0))
        .hasMessage("test days: found 0, expected 1 or more");
  }

  @Test
  void what_cannot_be_evaluated_says_why() {
    on(2, "honest", false, 0.1);
    assertThatThrownBy(() -> SMALL.evaluate(transactions))
        .hasMessage(
            "test days 2018-07-03 to 2018-07-04: found 1 transactions without a fraud, expected some");
    transactions.add(ScoredTransaction.unscored("forgotten", at(2), true));
    assertThatThrownBy(() -> SMALL.evaluate(transactions))
        .hasMessage(
            "transaction of forgotten at 2018-07-03T23:59:59Z: found no score, expected one on a test day");
  }

  @Test
  void the_table_shows_published_figures_beside_ours() {
    Evaluation ours =
        new Evaluation(FIRST, FIRST.plusDays(14), 7, 58_505, 374, 0.8765, 0.6831, 100, 0.28142);
    assertThat(EvaluationTable.render("ours", ours, PublishedResult.FRAUD_HANDBOOK).lines())
        .startsWith(
            "model                    tested on                 ROC AUC       AP   CP@100",
            "ours                     2018-07-15 to 07-21         0.877    0.683    0.281",
            "logistic regression *    2018-08-08 to 08-14         0.871    0.606    0.291")
        .contains("feed-forward network *   mean of four weeks          0.876    0.675    0.303")
        .endsWith("* published: " + PublishedResult.SOURCE);
    assertThat(EvaluationTable.render("ours", ours, List.of()).lines()).hasSize(2);
  }
}
