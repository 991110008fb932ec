package dev.millrace.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.models.SharedData;
import dev.millrace.models.VersionDirectory;
import dev.millrace.models.evaluation.DetectionProtocol;
import dev.millrace.models.evaluation.Evaluation;
import dev.millrace.models.evaluation.EvaluationTable;
import dev.millrace.models.evaluation.PublishedResult;
import dev.millrace.models.tensorflow.SavedModel;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published data, the published features, the published protocol: how good is our training? */
class HandbookIT {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"2018-05-03", "2018-05-09"})
  void seven_days_teach_enough_to_find_frauds_two_weeks_later(LocalDate firstDay) throws Exception {
    Handbook data =
        Handbook.read(
            SharedData.at("fraud/transactions_d000-d121.csv.gz"),
            SharedData.at("fraud/features_d000-d059.csv.gz"),
            DetectionProtocol.trainedFrom(firstDay));
    Path version =
        ClassifierTraining.on(data.trainingSet())
            .run()
            .publish(VersionDirectory.at(folder), 1, new Provenance("fraud", "", "", Map.of()));
    try (var model = SavedModel.at(version).dense().load()) {
      Evaluation evaluation = data.protocol().evaluate(data.scored(model.predict(data.testRows())));
      System.out.print(EvaluationTable.render("ours", evaluation, PublishedResult.FRAUD_HANDBOOK));
      assertThat(evaluation.averagePrecision()).isGreaterThanOrEqualTo(0.60);
      assertThat(evaluation.cardPrecision()).isGreaterThanOrEqualTo(0.28);
      assertThat(evaluation.rocAuc()).isGreaterThanOrEqualTo(0.85);
    }
  }
}
