package dev.millrace.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.pipelines.services.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCommandTest {

  private static final Path CARD_FRAUD =
      Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud");
  private static final String SPEC = CARD_FRAUD.resolve("card-fraud.yaml").toString();
  private static final String CONTRACT = CARD_FRAUD.resolve("transaction.avsc").toString();
  private static final String AMOUNT = "{\"name\": \"amount\", \"type\": \"double\"";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int schema(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "schema";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Millrace.run(new PrintWriter(out, true), new PrintWriter(errors, true), all);
  }

  /** Without a registry: the folder has no subjects. */
  private int check(String candidate, String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "check";
    all[1] = SPEC;
    all[2] = "--candidate=" + candidate;
    all[3] = "--set=events.format.avro.registry=" + folder;
    System.arraycopy(more, 0, all, 4, more.length);
    return schema(all);
  }

  /** The contract with one text replaced by another. */
  private String changed(String from, String to) throws IOException {
    String contract = Files.readString(Path.of(CONTRACT));
    assertThat(contract).contains(from);
    return Files.writeString(folder.resolve("changed.avsc"), contract.replace(from, to)).toString();
  }

  @Test
  void what_is_compatible_is_said_with_what_was_not_checked() {
    assertThat(check(CONTRACT)).isZero();
    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            held to: the contract, the pipeline's use of it
            not checked: earlier versions: the spec names no registry that has subjects
            0 errors, 0 warnings, 0 notes: compatible
            """);
  }

  @Test
  void errors_come_first_in_columns_and_the_verdict_last() throws IOException {
    String candidate =
        changed(
            AMOUNT,
            "{\"name\": \"city\", \"type\": \"string\"}, {\"name\": \"amount\", \"type\": \"string\"");
    assertThat(check(candidate)).isEqualTo(1);
    assertThat(out.toString().lines().map(line -> line.replaceFirst("; used by.*", "")))
        .containsExactly(
            "ERROR    amount  found string, expected a double",
            "INFO     city    found a new field, string: the contract has it not, so it is passed over",
            "held to: the contract, the pipeline's use of it",
            "not checked: earlier versions: the spec names no registry that has subjects",
            "1 error, 0 warnings, 1 note: incompatible");
  }

  @Test
  void warnings_are_allowed_unless_they_are_not() throws IOException {
    String candidate = changed(AMOUNT, "{\"name\": \"amount\", \"type\": \"float\"");
    assertThat(check(candidate)).isZero();
    assertThat(out.toString()).contains("0 errors, 1 warning, 0 notes: compatible");
    assertThat(check(candidate, "--strict")).isEqualTo(1);
    assertThat(out.toString()).contains("0 errors, 1 warning, 0 notes: incompatible");
  }

  @Test
  void findings_are_written_as_json() throws IOException {
    Path file = folder.resolve("findings.json");
    assertThat(
            check(changed(AMOUNT, "{\"name\": \"amount\", \"type\": \"string\""), "--json=" + file))
        .isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.get("compatible").asBoolean()).isFalse();
    assertThat(json.get("notChecked")).hasSize(1);
    JsonNode finding = json.get("findings").get(0);
    assertThat(finding.get("severity").asText()).isEqualTo("ERROR");
    assertThat(finding.get("path").asText()).isEqualTo("amount");
    assertThat(finding.get("reason").asText()).isEqualTo("found string, expected a double");
    assertThat(finding.get("usedBy").get(0).asText()).isEqualTo("the rules 'amount > 0.0'");
  }

  @Test
  void a_registry_that_does_not_answer_is_a_failure_of_its_own() throws IOException {
    int port = FreePort.pick();
    String url = "--set=events.format.avro.registry=http://127.0.0.1:" + port;
    assertThat(schema("check", SPEC, "--candidate=" + CONTRACT, url)).isEqualTo(1);
    assertThat(out.toString())
        .contains("not checked: subject card.transactions-value: schema registry http://127.0.0.1:")
        .contains("found it unreachable")
        .contains("0 errors, 0 warnings, 0 notes: compatible as far as was checked");
    assertThat(schema("register", SPEC, "--schema=" + CONTRACT, url)).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("millrace schema register: schema registry http://127.0.0.1:")
        .doesNotContain("\tat ");
  }

  @Test
  void wrong_usage_and_a_wrong_spec_are_2() throws IOException {
    assertThat(check("none.avsc")).isEqualTo(2);
    assertThat(errors.toString()).contains("schema 'none.avsc': found no such file, expected one");
    assertThat(check(Files.writeString(folder.resolve("a.avsc"), "{").toString())).isEqualTo(2);
    assertThat(errors.toString()).contains("a.avsc': found no Avro schema (");
    assertThat(check(Files.writeString(folder.resolve("a.xsd"), "").toString())).isEqualTo(2);
    assertThat(errors.toString()).contains("found another ending, expected .avsc, .proto or .json");
    String json = "{\"type\": \"object\"}";
    assertThat(check(Files.writeString(folder.resolve("a.json"), json).toString())).isEqualTo(2);
    assertThat(errors.toString())
        .contains("candidate: found a schema in JSON, expected AVRO, as the payloads of events");
    assertThat(check(CONTRACT, "--mode=SIDEWAYS")).isEqualTo(2);
    assertThat(errors.toString()).contains("SIDEWAYS").contains("BACKWARD_TRANSITIVE");
    assertThat(check(CONTRACT, "--set=events.id=nobody")).isEqualTo(2);
    assertThat(errors.toString()).contains("id field 'nobody': found no such field");
    assertThat(
            schema(
                "register",
                SPEC,
                "--schema=" + CONTRACT,
                "--set=events.format.avro.registry=" + folder))
        .isEqualTo(2);
    assertThat(errors.toString())
        .contains("card-fraud.yaml:")
        .contains("found no registry that has subjects, expected one to register at");
    assertThat(schema()).isEqualTo(2);
  }

  @Test
  void files_are_compared_field_by_field() throws IOException {
    String other = changed(AMOUNT, "{\"name\": \"amount\", \"type\": [\"null\", \"float\"]");
    assertThat(schema("diff", CONTRACT, other)).isZero();
    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            type      amount  float, was double
            null      amount  may be null
            2 changes
            """);
  }

  @Test
  void a_version_needs_a_registry() {
    assertThat(schema("diff", "card.transactions-value:1", CONTRACT)).isEqualTo(2);
    assertThat(errors.toString())
        .contains(
            "card.transactions-value:1: found a version without a registry, expected --registry=URL");
  }

  @Test
  void help_has_an_example() {
    for (String command : new String[] {"check", "register", "diff"}) {
      assertThat(schema(command, "--help")).isZero();
    }
    assertThat(out.toString().lines().filter(line -> line.startsWith("Example: millrace schema")))
        .hasSize(3);
  }
}
