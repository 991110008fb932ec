package dev.millrace.models.evaluation;

import java.util.List;

/**
 * A result that others published on the Fraud Detection Handbook's simulated transactions.
 *
 * @param model what was trained
 * @param test what it was tested on
 */
public record PublishedResult(
    String model, String test, double rocAuc, double averagePrecision, double cardPrecision) {

  /** Where the figures are from. */
  public static final String SOURCE =
      "Le Borgne, Siblini, Lebichot, Bontempi: Reproducible Machine Learning for Credit Card Fraud Detection - Practical"
          + " Handbook";

  private static final String WEEK = "2018-08-08 to 08-14";
  private static final String FOLDS = "mean of four weeks";

  /**
   * Trained on seven days, tested on seven that start fourteen days later, with a hundred cards a
   * day.
   */
  public static final List<PublishedResult> FRAUD_HANDBOOK =
      List.of(
          new PublishedResult("logistic regression", WEEK, 0.871, 0.606, 0.291),
          new PublishedResult("random forest", WEEK, 0.867, 0.658, 0.287),
          new PublishedResult("gradient boosting", WEEK, 0.862, 0.639, 0.273),
          new PublishedResult("feed-forward network", WEEK, 0.864, 0.653, 0.286),
          new PublishedResult("logistic regression", FOLDS, 0.868, 0.623, 0.297),
          new PublishedResult("gradient boosting", FOLDS, 0.869, 0.687, 0.303),
          new PublishedResult("feed-forward network", FOLDS, 0.876, 0.675, 0.303));
}
