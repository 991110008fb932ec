package dev.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {

  private static final ModelCard CARD =
      new ModelCard(
          "card-fraud",
          "3",
          "serving_default",
          List.of("amount", "night"),
          List.of("probability"),
          "7 simulated days from 2018-07-11",
          1,
          "millrace model train card-fraud",
          new TreeMap<>(Map.of("average_precision", 0.671)),
          List.of(new ModelCard.GoldenRow(List.of(57.16f, 1f), List.of(0.12345679f))),
          new TreeMap<>());

  @TempDir Path folder;
  private ModelCard written = CARD;

  @BeforeEach
  void a_version_with_a_card() throws IOException {
    Files.createDirectories(folder.resolve("variables"));
    Files.writeString(folder.resolve("saved_model.pb"), "graph");
    Files.writeString(folder.resolve("variables/variables.index"), "index");
    written = CARD.writeTo(folder);
  }

  @Test
  void what_is_written_is_read_back_to_the_last_bit() {
    assertThat(ModelCard.read(folder)).contains(written);
    assertThat(written.files().keySet())
        .containsExactly("saved_model.pb", "variables/variables.index");
    assertThat(ModelVersion.at(folder).toString()).startsWith("card-fraud/3 (");
    written.verifyFiles(folder);
  }

  @Test
  void a_foreign_model_has_no_card(@TempDir Path foreign) {
    assertThat(ModelCard.read(foreign)).isEmpty();
  }

  @Test
  void a_changed_file_is_named_with_both_checksums() throws IOException {
    Path file = folder.resolve("saved_model.pb");
    Files.writeString(file, "grapi");
    assertThatThrownBy(() -> written.verifyFiles(folder))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            file
                + ": found SHA-256 "
                + Checksums.of(folder).get("saved_model.pb")
                + ", expected "
                + written.files().get("saved_model.pb"));
  }

  @Test
  void a_missing_file_is_named() throws IOException {
    Path file = folder.resolve("variables/variables.index");
    Files.delete(file);
    assertThatThrownBy(() -> written.verifyFiles(folder))
        .hasMessage(file + ": found no such file, expected the one listed in model.json");
  }

  @Test
  void golden_rows_may_differ_by_the_tolerance_only() {
    written.verifyGolden(folder, rows -> List.of(new float[] {0.12350f}));
    assertThatThrownBy(() -> written.verifyGolden(folder, rows -> List.of(new float[] {0.1236f})))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "golden row 0: found scores [0.1236], expected [0.12345679] within 1.0E-4");
    assertThatThrownBy(() -> written.verifyGolden(folder, rows -> List.of(new float[] {Float.NaN})))
        .isInstanceOf(ModelException.class);
  }

  @Test
  void a_card_that_is_no_json_says_where() throws IOException {
    Files.writeString(folder.resolve(ModelCard.FILE), "{\n  \"name\": }");
    assertThatThrownBy(() -> ModelCard.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model.json: found Unexpected character")
        .hasMessageContaining("(line 2, column 11)");
  }

  @Test
  void a_card_that_lacks_a_key_names_it() throws IOException {
    Files.writeString(folder.resolve(ModelCard.FILE), "{\"name\": \"card-fraud\", \"later\": 1}");
    assertThatThrownBy(() -> ModelCard.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no \"version\"");
  }

  @Test
  void metrics_of_a_later_evaluation_come_beside_the_first_ones() {
    assertThat(written.withMetrics(Map.of("roc_auc", 0.88)).metrics())
        .containsOnly(Map.entry("average_precision", 0.671), Map.entry("roc_auc", 0.88));
  }
}
