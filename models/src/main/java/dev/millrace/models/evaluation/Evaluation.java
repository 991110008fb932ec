package dev.millrace.models.evaluation;

import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came out of a {@link DetectionProtocol}.
 *
 * @param trainFrom the first day of training
 * @param testFrom the first day of test
 * @param testDays how many days were tested
 * @param transactions how many transactions were tested, after the customers whose fraud was known
 *     were dropped
 * @param frauds how many of those were frauds
 * @param rocAuc area under the ROC curve
 * @param averagePrecision average precision
 * @param cardsPerDay how many cards a day are checked
 * @param cardPrecision the share of those that is found compromised, mean over the days
 */
public record Evaluation(
    LocalDate trainFrom,
    LocalDate testFrom,
    int testDays,
    int transactions,
    int frauds,
    double rocAuc,
    double averagePrecision,
    int cardsPerDay,
    double cardPrecision) {

  /** The figures by name, as a model card or a JSON object holds them. */
  public SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("test_transactions", (double) transactions);
    metrics.put("test_frauds", (double) frauds);
    metrics.put("roc_auc", rocAuc);
    metrics.put("average_precision", averagePrecision);
    metrics.put("card_precision_at_" + cardsPerDay, cardPrecision);
    return metrics;
  }
}
