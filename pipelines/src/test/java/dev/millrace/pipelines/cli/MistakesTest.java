package dev.millrace.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.services.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who made a mistake: the place, what was found, what was expected. */
class MistakesTest {

  private static final Path CARD_FRAUD =
      Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud");

  @TempDir private Path folder;
  private final StringWriter errors = new StringWriter();

  private int millrace(String... arguments) {
    return Millrace.run(
        new PrintWriter(Writer.nullWriter()), new PrintWriter(errors, true), arguments);
  }

  /** The shipped spec with one line changed, beside its contracts. */
  private String spec(String from, String to) throws IOException {
    for (String contract : new String[] {"transaction.avsc", "label.avsc"}) {
      Files.copy(CARD_FRAUD.resolve(contract), folder.resolve(contract));
    }
    String yaml = Files.readString(CARD_FRAUD.resolve("card-fraud.yaml"));
    assertThat(yaml).contains(from);
    Path changed = folder.resolve("changed.yaml");
    String model = CARD_FRAUD.resolve("../../models/card-fraud").normalize().toString();
    Files.writeString(changed, yaml.replace(from, to).replace("../../models/card-fraud", model));
    return changed.toString();
  }

  @Test
  void a_missing_file() {
    assertThat(millrace("validate", "no-such.yaml")).isEqualTo(2);
    assertThat(errors.toString()).contains("no-such.yaml").contains("found").contains("expected");
  }

  @Test
  void a_missing_file_of_events() throws IOException {
    int code =
        millrace(
            "backfill",
            CARD_FRAUD.resolve("handbook.yaml").toString(),
            "--runner=direct",
            "--out=" + folder.resolve("features.csv"),
            "--set=events.from.files.path=/no-such.csv");
    assertThat(code).isEqualTo(2);
    assertThat(errors.toString())
        .contains(
            "--set events.from.files.path: files '/no-such.csv': found no such file, expected at least one");
  }

  @Test
  void a_wrong_key() throws IOException {
    String spec =
        spec("eventTime: occurred_at              # windows", "eventTme: occurred_at # w");
    assertThat(millrace("validate", spec)).isEqualTo(2);
    assertThat(errors.toString())
        .contains("changed.yaml:21:3: found")
        .contains("'eventTme'")
        .contains("did you mean 'eventTime'?");
  }

  @Test
  void an_unknown_field_in_an_expression() throws IOException {
    String spec = spec("\"amount > 0.0\"", "\"amuont > 0.0\"");
    assertThat(millrace("validate", spec)).isEqualTo(2);
    assertThat(errors.toString())
        .contains("changed.yaml:")
        .contains("amuont")
        .contains("did you mean 'amount'?");
  }

  @Test
  void a_feature_that_the_model_was_trained_with_is_missing() throws IOException {
    String spec = spec("    - terminal_risk_30d\n", "");
    assertThat(millrace("validate", spec)).isEqualTo(2);
    assertThat(errors.toString())
        .contains("changed.yaml:")
        .contains("found inputs without [terminal_risk_30d]")
        .contains("expected those the model was trained with: [amount, weekend");
  }

  @Test
  void a_feature_over_a_field_that_is_not_there() throws IOException {
    String spec = spec("{ mean: amount, over: 1d }", "{ mean: amont, over: 1d }");
    assertThat(millrace("validate", spec)).isEqualTo(2);
    assertThat(errors.toString()).contains("changed.yaml:").contains("'amont'");
  }

  @Test
  void a_broker_that_is_not_there() throws IOException {
    int port = FreePort.pick();
    int code =
        millrace(
            "run",
            CARD_FRAUD.resolve("card-fraud.yaml").toString(),
            "--runner=direct",
            "--set",
            "events.from.kafka.bootstrapServers=127.0.0.1:" + port,
            "--set",
            "events.format.avro.registry=" + folder);
    assertThat(code).isEqualTo(2);
    assertThat(errors.toString())
        .contains("Kafka broker 127.0.0.1:" + port)
        .contains("found no answer")
        .contains("expected a broker that is reachable from here");
  }

  @Test
  void dead_letters_that_cannot_be_read_back() throws IOException {
    String spec =
        spec(
            "deadLetters: { kafka: { topic: card.deadletters } }",
            "deadLetters: { files: { path: letters, window: 5m, format: json } }");
    assertThat(millrace("deadletters", "list", spec)).isEqualTo(2);
    assertThat(errors.toString())
        .contains(
            "changed.yaml:104:1: found files of JSON, expected a Kafka topic, an event hub, or")
        .contains("Avro files of dead letters");
  }

  @Test
  void an_unknown_runner() {
    assertThat(millrace("run", "x.yaml", "--runner=storm")).isEqualTo(2);
    assertThat(errors.toString()).contains("storm").contains("DIRECT");
  }
}
