package dev.millrace.models.evaluation;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Card precision: of the cards that investigators can check each day, the share that is found to be
 * compromised.
 *
 * <p>A card is as suspicious as its highest-scored transaction of the day, and compromised when any
 * of that day's is a fraud. A compromised card among the top is found, blocked and not counted
 * again on later days.
 */
final class CardPrecision {

  private static final Comparator<Map.Entry<String, Card>> MOST_SUSPICIOUS_FIRST =
      Comparator.<Map.Entry<String, Card>>comparingDouble(card -> -card.getValue().score())
          // Equal scores need some order that does not depend on the input's.
          .thenComparing(Map.Entry::getKey);

  private CardPrecision() {}

  private record Card(double score, boolean compromised) {
    Card and(Card other) {
      return new Card(Math.max(score, other.score), compromised || other.compromised);
    }
  }

  /**
   * The mean over the days of the precision among the top {@code k} cards; a day with fewer cards
   * counts as k too.
   */
  static double atTop(int k, Collection<List<ScoredTransaction>> days) {
    Set<String> blocked = new HashSet<>();
    long found = 0;
    for (List<ScoredTransaction> day : days) {
      Map<String, Card> cards = new HashMap<>();
      for (ScoredTransaction t : day) {
        if (!blocked.contains(t.customer())) {
          cards.merge(t.customer(), new Card(t.score(), t.fraud()), Card::and);
        }
      }
      List<String> compromised =
          cards.entrySet().stream()
              .sorted(MOST_SUSPICIOUS_FIRST)
              .limit(k)
              .filter(card -> card.getValue().compromised())
              .map(Map.Entry::getKey)
              .toList();
      found += compromised.size();
      blocked.addAll(compromised);
    }
    // One division, so that 196 of 700 is 0.28 and not a little less.
    return (double) found / ((long) k * days.size());
  }
}
