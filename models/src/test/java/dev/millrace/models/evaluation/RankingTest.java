package dev.millrace.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

  private static Ranking ranking(double[] scores, int... positives) {
    boolean[] labels = new boolean[scores.length];
    for (int positive : positives) {
      labels[positive] = true;
    }
    return Ranking.of(scores, labels);
  }

  @Test
  void positives_first_are_perfect() {
    Ranking perfect = ranking(new double[] {0.1, 0.9, 0.2, 0.8}, 1, 3);
    assertThat(perfect.rocAuc()).isEqualTo(1);
    assertThat(perfect.averagePrecision()).isEqualTo(1);
  }

  @Test
  void the_worked_example_of_four_rows() {
    // Ranked 0.8+, 0.4-, 0.35+, 0.1-: three of four pairs are right, AP = 1/2 * 1 + 1/2 * 2/3.
    Ranking example = ranking(new double[] {0.1, 0.4, 0.35, 0.8}, 2, 3);
    assertThat(example.rocAuc()).isEqualTo(0.75);
    assertThat(example.averagePrecision()).isCloseTo(5.0 / 6, within(1e-12));
  }

  @Test
  void equal_scores_rank_nothing() {
    Ranking equal = ranking(new double[] {0.5, 0.5, 0.5, 0.5}, 0);
    assertThat(equal.rocAuc()).isEqualTo(0.5);
    assertThat(equal.averagePrecision()).isEqualTo(0.25);
  }

  @Test
  void the_area_is_the_share_of_pairs_in_order_whatever_the_ties() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      int size = 2 + random.nextInt(40);
      double[] scores = random.doubles(size).map(score -> Math.floor(score * 6)).toArray();
      boolean[] labels = new boolean[size];
      for (int i = 0; i < size; i++) {
        labels[i] = i == 0 || (i > 1 && random.nextInt(4) == 0);
      }
      assertThat(Ranking.of(scores, labels).rocAuc())
          .isCloseTo(byPairs(scores, labels), within(1e-12));
    }
  }

  private static double byPairs(double[] scores, boolean[] labels) {
    double won = 0;
    int pairs = 0;
    for (int p = 0; p < scores.length; p++) {
      for (int n = 0; n < scores.length; n++) {
        if (labels[p] && !labels[n]) {
          pairs++;
          won += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
        }
      }
    }
    return won / pairs;
  }

  @Test
  void rows_that_cannot_be_ranked_are_refused() {
    assertThatThrownBy(() -> ranking(new double[] {0.1, 0.2}))
        .hasMessage("found 0 positives in 2 rows, expected both kinds");
    assertThatThrownBy(() -> ranking(new double[] {Double.NaN, 0.2}, 1))
        .hasMessage("score 0: found NaN, expected a number");
    assertThatThrownBy(() -> Ranking.of(new double[1], new boolean[2]))
        .hasMessage("found 1 scores and 2 labels, expected as many");
  }
}
