package dev.millrace.pipelines.spec.yaml;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The accepted word that a misspelt one was probably meant to be. */
final class Suggestion {

  private Suggestion() {}

  /** The closest of the accepted words, when about two letters in three are right. */
  static Optional<String> closest(String written, List<String> accepted) {
    int most = Math.max(1, Math.min(3, written.length() / 3));
    return accepted.stream()
        .filter(word -> distance(written, word) <= most)
        .min(Comparator.comparingInt(word -> distance(written, word)));
  }

  /** Letters to insert, remove, replace or swap with their neighbour; case does not matter. */
  static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
