package dev.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.models.ModelCard;
import dev.millrace.pipelines.cli.Millrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's way from a simulated past to its figures, by the commands that a person would give. */
class ModelCommandsIT {

  private static final String HANDBOOK =
      Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud/handbook.yaml").toString();

  @TempDir private static Path folder;
  private static Path payments;
  private static Path features;

  private record Said(int code, String out, String errors) {}

  private static Said millrace(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int code = Millrace.run(new PrintWriter(out), new PrintWriter(errors, true), arguments);
    return new Said(code, out.toString(), errors.toString());
  }

  /** A command over the payments, with the features kept. */
  private static Said model(String command, String... more) {
    List<String> common =
        List.of(
            "model",
            command,
            "card-fraud",
            "--spec=" + HANDBOOK,
            "--set=events.from.files.path=" + payments,
            "--features=" + features);
    return millrace(Stream.concat(common.stream(), Arrays.stream(more)).toArray(String[]::new));
  }

  private static Said train(Path out, int seed) {
    return model("train", "--from=2018-04-05", "--days=7", "--seed=" + seed, "--out=" + out);
  }

  @BeforeAll
  static void simulate_a_past_and_train_on_it() {
    payments = folder.resolve("payments.csv.gz");
    features = folder.resolve("features.csv");
    Said generated =
        millrace(
            "generate", HANDBOOK, "--days=25", "--customers=400", "--seed=5", "--out=" + payments);
    assertThat(generated.code()).as(generated.errors()).isZero();
    Said trained = train(folder.resolve("first"), 1);
    assertThat(trained.code()).as(trained.errors()).isZero();
    assertThat(features).exists();
    assertThat(trained.out()).contains("2018-04-19 to 04-25").contains("wrote ");
  }

  @Test
  void the_card_says_where_the_model_comes_from_and_how_good_it_is() {
    ModelCard card = card("first/1");
    assertThat(card.name()).isEqualTo("card-fraud");
    assertThat(card.inputs()).hasSize(15).startsWith("amount", "weekend", "night");
    assertThat(card.data())
        .startsWith(payments + "; trained on 2018-04-05 to 2018-04-11: ")
        .endsWith(" frauds");
    assertThat(card.metrics())
        .containsKeys("roc_auc", "average_precision", "card_precision_at_100");
    assertThat(card.metrics().get("roc_auc")).isGreaterThan(0.6);
  }

  @Test
  void the_same_seed_makes_the_same_version_again_from_the_features_kept() throws IOException {
    long made = Files.getLastModifiedTime(features).toMillis();
    assertThat(train(folder.resolve("again"), 1).code()).isZero();
    assertThat(train(folder.resolve("again"), 2).code()).isZero();
    assertThat(Files.getLastModifiedTime(features).toMillis()).isEqualTo(made);
    assertThat(card("again/1").golden()).isEqualTo(card("first/1").golden());
    assertThat(card("again/1").files()).isEqualTo(card("first/1").files());
    assertThat(card("again/2").golden()).isNotEqualTo(card("first/1").golden());
  }

  @Test
  void an_evaluation_gives_the_figures_of_the_card_and_nothing_else() throws IOException {
    Said said =
        model(
            "evaluate",
            "--model=" + folder.resolve("first"),
            "--from=2018-04-19",
            "--days=7",
            "--train-from=2018-04-05",
            "--json");
    assertThat(said.code()).as(said.errors()).isZero();
    JsonNode json = new ObjectMapper().readTree(said.out());
    ModelCard card = card("first/1");
    assertThat(json.get("model").asText()).isEqualTo("card-fraud/1");
    assertThat(json.get("auc").asDouble()).isEqualTo(card.metrics().get("roc_auc"));
    assertThat(json.get("averagePrecision").asDouble())
        .isEqualTo(card.metrics().get("average_precision"));
    assertThat(json.get("cardPrecision100").asDouble())
        .isEqualTo(card.metrics().get("card_precision_at_100"));
  }

  @Test
  void a_model_is_shown_with_its_signature_and_its_card() {
    Said said = millrace("model", "inspect", folder.resolve("first").toString());
    assertThat(said.code()).as(said.errors()).isZero();
    assertThat(said.out())
        .contains("model      card-fraud/1 (")
        .contains("features: float32[?, 15]")
        .contains("probability: float32[?]")
        .contains("each as its checksum says")
        .contains("8 rows scored as the card says");
  }

  @Test
  void days_that_are_not_there_are_named() {
    Said said = model("train", "--from=2018-04-20", "--out=" + folder.resolve("late"));
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.errors())
        .contains("found rows of the days 2018-04-01 to 2018-04-25")
        .contains("expected all of 2018-04-20 to 2018-04-26");
  }

  private static ModelCard card(String version) {
    return ModelCard.read(folder.resolve(version)).orElseThrow();
  }
}
