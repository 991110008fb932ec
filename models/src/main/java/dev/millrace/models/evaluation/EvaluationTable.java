package dev.millrace.models.evaluation;

import java.util.List;
import java.util.Locale;

/** An evaluation as a text table, with published results below it. */
public final class EvaluationTable {

  private EvaluationTable() {}

  /** The table, one line a result, ours first; the source of the others below. */
  public static String render(
      String model, Evaluation evaluation, List<PublishedResult> published) {
    StringBuilder table = new StringBuilder();
    row(table, "model", "tested on", "ROC AUC", "AP", "CP@" + evaluation.cardsPerDay());
    row(
        table,
        model,
        evaluation.testFrom()
            + " to "
            + evaluation.testFrom().plusDays(evaluation.testDays() - 1L).toString().substring(5),
        number(evaluation.rocAuc()),
        number(evaluation.averagePrecision()),
        number(evaluation.cardPrecision()));
    for (PublishedResult result : published) {
      row(
          table,
          result.model() + " *",
          result.test(),
          number(result.rocAuc()),
          number(result.averagePrecision()),
          number(result.cardPrecision()));
    }
    if (!published.isEmpty()) {
      table.append("* published: ").append(PublishedResult.SOURCE).append(System.lineSeparator());
    }
    return table.toString();
  }

  private static void row(StringBuilder table, String... cells) {
    table.append(String.format(Locale.ROOT, "%-24s %-24s %8s %8s %8s%n", (Object[]) cells));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
