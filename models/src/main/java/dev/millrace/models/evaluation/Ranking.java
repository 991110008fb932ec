package dev.millrace.models.evaluation;

import java.util.stream.IntStream;

/** How well scores rank the positives first, whatever their scale. */
public final class Ranking {

  private final double[] scores;
  private final boolean[] labels;
  // Positions by score, the highest first.
  private final int[] order;
  private final long positives;

  private Ranking(double[] scores, boolean[] labels) {
    this.scores = scores;
    this.labels = labels;
    this.order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted((a, b) -> Double.compare(scores[b], scores[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.positives = IntStream.range(0, labels.length).filter(i -> labels[i]).count();
  }

  /** Ranks labelled scores; both arrays are of one length, with rows of both labels and no NaN. */
  public static Ranking of(double[] scores, boolean[] labels) {
    if (scores.length != labels.length) {
      throw new IllegalArgumentException(
          "found " + scores.length + " scores and " + labels.length + " labels, expected as many");
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException("score " + i + ": found NaN, expected a number");
      }
    }
    Ranking ranking = new Ranking(scores.clone(), labels.clone());
    if (ranking.positives == 0 || ranking.positives == labels.length) {
      throw new IllegalArgumentException(
          "found "
              + ranking.positives
              + " positives in "
              + labels.length
              + " rows, expected both kinds");
    }
    return ranking;
  }

  /**
   * The area under the ROC curve: how likely a positive scores above a negative, an equal score
   * counting half.
   */
  public double rocAuc() {
    double above = 0;
    long negativesBefore = 0;
    long negatives = labels.length - positives;
    for (int start = 0; start < order.length; ) {
      int end = endOfTie(start);
      long tied = positivesBetween(start, end);
      long tiedNegatives = end - start - tied;
      // These positives rank above all negatives that come later, and half above those beside them.
      above += tied * (negatives - negativesBefore - tiedNegatives + tiedNegatives / 2.0);
      negativesBefore += tiedNegatives;
      start = end;
    }
    return above / ((double) positives * negatives);
  }

  /**
   * The sum over the thresholds of precision times the recall won there; equal scores are one
   * threshold.
   */
  public double averagePrecision() {
    double sum = 0;
    long found = 0;
    for (int start = 0; start < order.length; ) {
      int end = endOfTie(start);
      long tied = positivesBetween(start, end);
      found += tied;
      sum += (double) tied / positives * found / end;
      start = end;
    }
    return sum;
  }

  private int endOfTie(int start) {
    int end = start + 1;
    while (end < order.length && scores[order[end]] == scores[order[start]]) {
      end++;
    }
    return end;
  }

  private long positivesBetween(int start, int end) {
    return IntStream.range(start, end).filter(i -> labels[order[i]]).count();
  }
}
