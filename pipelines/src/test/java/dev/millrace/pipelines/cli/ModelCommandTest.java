package dev.millrace.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandTest {

  private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
  private static final String STREAM =
      ROOT.resolve("pipelines/card-fraud/card-fraud.yaml").toString();

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int model(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "model";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Millrace.run(new PrintWriter(out, true), new PrintWriter(errors, true), all);
  }

  @Test
  void a_model_that_was_made_elsewhere_is_shown_without_a_card() {
    Path foreign =
        Path.of(System.getProperty("millrace.data"), "savedmodels/saved_model_half_plus_two_cpu");
    Assumptions.assumeTrue(Files.exists(foreign), "skipped: " + foreign + " is absent");
    assertThat(model("inspect", foreign.toString())).isZero();
    assertThat(out.toString())
        .contains("signature  regress_x_to_y")
        .contains("signature  serving_default")
        .contains("x: float32[?, 1]")
        .contains("not verified: there is no model.json");
  }

  @Test
  void a_folder_without_a_model_is_named() {
    assertThat(model("inspect", folder.toString())).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines(
            "millrace model inspect: "
                + folder
                + ": found no version, expected a saved_model.pb,"
                + " or a subfolder named by a version number");
  }

  @Test
  void an_evaluation_looks_for_the_model_before_anything_else() {
    int code =
        model(
            "evaluate",
            "card-fraud",
            "--model=" + folder.resolve("none"),
            "--from=2018-07-25",
            "--train-from=2018-07-11");
    assertThat(code).isEqualTo(1);
    assertThat(errors.toString()).contains("none: found no such folder, expected a model's folder");
  }

  @Test
  void a_test_that_begins_before_labels_are_known_is_refused() {
    int code =
        model(
            "evaluate",
            "card-fraud",
            "--model=" + folder,
            "--from=2018-07-18",
            "--train-from=2018-07-11");
    assertThat(code).isEqualTo(2);
    assertThat(errors.toString())
        .contains("found --train-from=2018-07-11 and --from=2018-07-18")
        .contains("expected at least 8 days between");
  }

  @Test
  void a_stream_cannot_be_trained_on() {
    assertThat(model("train", "card-fraud", "--spec=" + STREAM, "--from=2018-07-11")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("card-fraud.yaml:")
        .contains("found a stream without an end, expected files");
  }

  @Test
  void a_first_day_and_at_least_one_are_needed() {
    assertThat(model("train", "card-fraud", "--spec=" + STREAM)).isEqualTo(2);
    assertThat(errors.toString()).contains("found --spec without --from");
    assertThat(model("train", "card-fraud", "--days=0")).isEqualTo(2);
    assertThat(errors.toString()).contains("training days: found 0, expected 1 or more");
  }

  @Test
  void an_unknown_model_is_refused_with_those_there_are() {
    assertThat(model("train", "card-frauds")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("found model 'card-frauds' (did you mean 'card-fraud'?), expected one of card");
  }

  @Test
  void a_table_of_features_without_the_columns_is_refused() throws Exception {
    Path table = Files.writeString(folder.resolve("t.csv"), "transaction_id\n1\n");
    int code = model("train", "card-fraud", "--features=" + table);
    assertThat(code).isEqualTo(1);
    assertThat(errors.toString())
        .contains(table + ": found no column 'customer_id', expected it among the header's");
  }
}
