package dev.millrace.transforms.event;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The existing name that a misspelt one was probably meant to be. */
public final class Suggestion {

  private Suggestion() {}

  /** {@code " (did you mean 'x'?)"}, or nothing when no name is close. */
  public static String didYouMean(String written, Collection<String> names) {
    int tolerated = Math.max(1, Math.min(3, written.length() / 3));
    return names.stream()
        .filter(name -> distance(written, name) <= tolerated)
        .min(
            Comparator.comparingInt((String name) -> distance(written, name)).thenComparing(n -> n))
        .map(name -> " (did you mean '" + name + "'?)")
        .orElse("");
  }

  /** Levenshtein's distance, with one row kept; case does not matter. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
