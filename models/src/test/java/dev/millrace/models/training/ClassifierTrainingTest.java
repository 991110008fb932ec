package dev.millrace.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.models.ModelCard;
import dev.millrace.models.ModelException;
import dev.millrace.models.VersionDirectory;
import dev.millrace.models.evaluation.Ranking;
import dev.millrace.models.tensorflow.SavedModel;
import dev.millrace.models.tensorflow.Signatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTrainingTest {

  private static final Provenance PROVENANCE =
      new Provenance("ratios", "2,000 made-up rows", "a test", Map.of("roc_auc", 0.99));

  @TempDir Path folder;

  /**
   * What is far above its mean is positive; the columns' scales are far apart, and one never
   * changes.
   */
  private static TrainingSet ratios() {
    TrainingSet set = TrainingSet.of(List.of("amount", "mean", "constant"));
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      float mean = 1 + random.nextInt(1_000);
      boolean label = random.nextInt(10) == 0;
      set.add(new float[] {mean * (label ? 5 : 1) * (0.5f + random.nextFloat()), mean, 7}, label);
    }
    return set;
  }

  private static ClassifierTraining quick() {
    return ClassifierTraining.on(ratios()).withHidden(16).withEpochs(12).withMembers(2);
  }

  private Path publish(TrainedClassifier trained) {
    VersionDirectory directory = VersionDirectory.at(folder.resolve("ratios"));
    return trained.publish(directory, directory.nextVersion(), PROVENANCE);
  }

  @Test
  void a_ratio_is_learnt_from_rows_of_unequal_scales() {
    Path version = publish(quick().withEpochs(60).run());
    TrainingSet set = ratios();
    List<float[]> rows = new ArrayList<>();
    boolean[] labels = new boolean[set.size()];
    for (int i = 0; i < set.size(); i++) {
      rows.add(set.row(i));
      labels[i] = set.label(i);
    }
    try (var model = SavedModel.at(version).dense().load()) {
      double[] scores = model.predict(rows).stream().mapToDouble(score -> score[0]).toArray();
      assertThat(Ranking.of(scores, labels).rocAuc()).isGreaterThan(0.97);
      assertThat(Arrays.stream(scores).boxed()).allMatch(score -> score >= 0 && score <= 1);
      // Calibrated: on the average it says as many as there are.
      assertThat(Arrays.stream(scores).sum()).isCloseTo(set.positives(), within(30.0));
    }
  }

  @Test
  void one_seed_gives_the_same_files_and_another_seed_other_weights() {
    ModelCard first = card(publish(quick().run()));
    ModelCard second = card(publish(quick().run()));
    ModelCard other = card(publish(quick().withSeed(2).run()));
    assertThat(second.files()).isEqualTo(first.files());
    assertThat(second.golden()).isEqualTo(first.golden());
    assertThat(second.metrics()).isEqualTo(first.metrics());
    assertThat(other.golden()).isNotEqualTo(first.golden());
    assertThat(other.seed()).isEqualTo(2);
  }

  @Test
  void what_is_published_says_what_it_is() {
    Path version = publish(quick().run());
    assertThat(version).isEqualTo(folder.resolve("ratios/1"));
    assertThat(Signatures.read(version))
        .map(Object::toString)
        .containsExactly("serving_default(features: float32[?, 3]) -> (probability: float32[?])");
    ModelCard card = card(version);
    assertThat(card.inputs()).containsExactly("amount", "mean", "constant");
    assertThat(card.outputs()).containsExactly("probability");
    assertThat(card.golden()).hasSize(8);
    assertThat(card.metrics())
        .containsEntry("roc_auc", 0.99)
        .containsEntry("training_rows", 2_000.0);
    assertThat(card.createdBy()).isEqualTo("a test");
    assertThat(card.modelVersion().name()).isEqualTo("ratios");
    assertThat(SavedModel.at(folder.resolve("ratios")).dense().inputs()).isEqualTo(card.inputs());
  }

  @Test
  void one_flipped_bit_in_the_graph_is_refused() throws IOException {
    Path version = publish(quick().run());
    Path graph = version.resolve("saved_model.pb");
    byte[] bytes = Files.readAllBytes(graph);
    bytes[bytes.length / 2] ^= 1;
    Files.write(graph, bytes);
    assertThatThrownBy(() -> SavedModel.at(version).load())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(graph + ": found SHA-256 ")
        .hasMessageContaining("expected " + card(version).files().get("saved_model.pb"));
  }

  @Test
  void missing_variables_are_refused() throws IOException {
    Path version = publish(quick().run());
    Path variables = version.resolve("variables/variables.index");
    Files.delete(variables);
    assertThatThrownBy(() -> SavedModel.at(version).load())
        .isInstanceOf(ModelException.class)
        .hasMessage(variables + ": found no such file, expected the one listed in model.json");
  }

  @Test
  void a_model_that_scores_otherwise_than_its_card_says_is_refused() throws IOException {
    Path version = publish(quick().run());
    Path file = version.resolve(ModelCard.FILE);
    float score = card(version).golden().get(0).scores().get(0);
    Files.writeString(file, Files.readString(file).replace("[ " + score + " ]", "[ 0.123 ]"));
    assertThatThrownBy(() -> SavedModel.at(version).load())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "golden row 0: found scores [" + score + "], expected [0.123] within 1.0E-4");
  }

  @Test
  void settings_change_the_outcome() {
    double loss = quick().run().loss();
    assertThat(quick().withEpochs(1).run().loss()).isGreaterThan(loss);
    assertThat(quick().withHidden().run().loss()).isNotEqualTo(loss);
    assertThat(quick().withMembers(1).run().loss()).isNotEqualTo(loss);
    List<Integer> epochs = new ArrayList<>();
    quick().withEpochs(2).withProgress((epoch, of, l) -> epochs.add(10 * epoch + of)).run();
    assertThat(epochs).containsExactly(12, 22);
    assertThatThrownBy(() -> quick().withEpochs(0))
        .hasMessage("epochs: found 0, expected 1 or more");
  }

  @Test
  void a_set_that_teaches_nothing_is_refused() {
    TrainingSet set = TrainingSet.of(List.of("a", "b"));
    assertThatThrownBy(() -> set.add(new float[] {1, Float.NaN}, true))
        .hasMessage("row 0, column b: found NaN, expected a finite number");
    assertThatThrownBy(() -> set.add(new float[] {1}, true))
        .hasMessage("row 0: found 1 values, expected 2");
    set.add(new float[] {1, 2}, false);
    assertThatThrownBy(() -> ClassifierTraining.on(set))
        .hasMessage("training set: found 1 rows, 0 of them positive, expected both kinds");
    assertThatThrownBy(() -> TrainingSet.of(List.of("a", "a")))
        .hasMessage("columns: found [a, a], expected one or more, each once");
  }

  private static ModelCard card(Path version) {
    return ModelCard.read(version).orElseThrow();
  }
}
