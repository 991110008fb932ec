package dev.millrace.pipelines.training;

import dev.millrace.models.Model;
import dev.millrace.models.evaluation.DetectionProtocol;
import dev.millrace.models.evaluation.Evaluation;
import dev.millrace.models.evaluation.ScoredTransaction;
import java.util.ArrayList;
import java.util.List;

/** Measures a model on a table of features, by the protocol of the published results. */
public final class Measurement {

  private static final int BATCH = 2048;

  private final Model<float[], float[]> model;
  private final DetectionProtocol protocol;
  private final List<ScoredTransaction> transactions = new ArrayList<>();
  private final List<FeatureTable.Row> batch = new ArrayList<>(BATCH);

  private Measurement(Model<float[], float[]> model, DetectionProtocol protocol) {
    this.model = model;
    this.protocol = protocol;
  }

  /**
   * Scores the days of test, by the first number that the model gives.
   *
   * @throws FeatureTableException when the table does not reach from the first day of training to
   *     the last of test
   */
  public static Evaluation of(
      Model<float[], float[]> model, FeatureTable table, DetectionProtocol protocol) {
    Measurement measurement = new Measurement(model, protocol);
    table.read(days(protocol), measurement::add);
    measurement.score();
    return protocol.evaluate(measurement.transactions);
  }

  /** The days that a protocol needs, from the first of training to the last of test. */
  public static Days days(DetectionProtocol protocol) {
    return new Days(protocol.trainFrom(), protocol.end().minusDays(1));
  }

  private void add(FeatureTable.Row row) {
    if (!protocol.isTest(row.time())) {
      transactions.add(ScoredTransaction.unscored(row.card(), row.time(), row.label()));
      return;
    }
    batch.add(row);
    if (batch.size() == BATCH) {
      score();
    }
  }

  private void score() {
    List<float[]> scores = model.predict(batch.stream().map(FeatureTable.Row::inputs).toList());
    for (int i = 0; i < batch.size(); i++) {
      FeatureTable.Row row = batch.get(i);
      transactions.add(
          new ScoredTransaction(row.card(), row.time(), row.label(), scores.get(i)[0]));
    }
    batch.clear();
  }
}
