package dev.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.Millrace;
import dev.millrace.pipelines.services.RegistryServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace schema} and a real registry. */
class SchemaCommandsIT {

  private static final Path CARD_FRAUD =
      Path.of(System.getProperty("millrace.root"), "pipelines", "card-fraud");
  private static final Path CONTRACT = CARD_FRAUD.resolve("transaction.avsc");
  private static final String CURRENCY =
      "{\"name\": \"currency\", \"type\": \"string\", \"default\": \"EUR\", \"doc\": \"ISO 4217.\"}";
  private static RegistryServer registry;

  @TempDir private Path folder;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    registry = RegistryServer.start(folder);
  }

  @AfterAll
  static void stop() {
    registry.stop();
  }

  private record Outcome(int code, String out, String errors) {}

  private static Outcome schema(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("schema", command));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int code =
        Millrace.run(
            new PrintWriter(out, true), new PrintWriter(errors, true), all.toArray(String[]::new));
    return new Outcome(code, out.toString(), errors.toString());
  }

  private static Outcome ofCards(String command, String subject, String... arguments) {
    List<String> all = new ArrayList<>(List.of(CARD_FRAUD.resolve("card-fraud.yaml").toString()));
    all.add("--subject=" + subject);
    all.add("--set=events.format.avro.registry=" + registry.url());
    all.addAll(List.of(arguments));
    return schema(command, all.toArray(String[]::new));
  }

  private Path changed(String name, String from, String to) throws IOException {
    String contract = Files.readString(CONTRACT);
    assertThat(contract).contains(from);
    return Files.writeString(folder.resolve(name), contract.replace(from, to));
  }

  /** With a field more, which old records lack and for which there is no default. */
  private Path withCity() throws IOException {
    return changed(
        "city.avsc", CURRENCY, CURRENCY + ", {\"name\": \"city\", \"type\": \"string\"}");
  }

  /** With a field fewer, which the first version has no default for. */
  private Path withoutAmount() throws IOException {
    return changed(
        "amount.avsc",
        "{\"name\": \"amount\", \"type\": \"double\", \"doc\": \"In units of the currency.\"},",
        "");
  }

  private static void setMode(String subject, String mode) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(registry.url() + "/config/" + subject))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .PUT(BodyPublishers.ofString("{\"compatibility\": \"" + mode + "\"}"))
                    .build(),
                BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private static List<String> errors(Outcome outcome) {
    return outcome.out.lines().filter(line -> line.startsWith("ERROR")).toList();
  }

  @Test
  void a_schema_is_registered_once_and_an_incompatible_one_not_at_all() throws IOException {
    assertThat(ofCards("register", "once", "--schema=" + CONTRACT, "--dry-run").out)
        .isEqualToIgnoringNewLines("subject once, would be taken as a new version");
    assertThat(ofCards("register", "once", "--schema=" + CONTRACT).out)
        .matches("subject once, version 1, id \\d+\\R");
    assertThat(ofCards("register", "once", "--schema=" + CONTRACT).out)
        .matches("subject once, version 1, id \\d+\\R");
    assertThat(ofCards("register", "once", "--schema=" + CONTRACT, "--dry-run").out)
        .isEqualToIgnoringNewLines("subject once, version 1 already");
    for (String dry : List.of("--dry-run", "--of=events")) {
      Outcome refused = ofCards("register", "once", "--schema=" + withCity(), dry);
      assertThat(refused.code).isEqualTo(1);
      assertThat(refused.errors)
          .startsWith("millrace schema register: subject 'once' of schema registry http://127")
          .contains("expected a compatible one")
          .doesNotContain("\tat ");
    }
    Path compatible =
        changed(
            "default.avsc",
            CURRENCY,
            CURRENCY + ", {\"name\": \"city\", \"type\": \"string\", \"default\": \"\"}");
    assertThat(ofCards("register", "once", "--schema=" + compatible).out)
        .matches("subject once, version 2, id \\d+\\R");
    assertThat(schema("diff", "once:1", "once:2", "--registry=" + registry.url()).out)
        .isEqualToNormalizingNewlines("added     city  string, default ''\n1 change\n");
  }

  @Test
  void the_subjects_own_mode_decides_unless_another_is_asked_for() throws Exception {
    ofCards("register", "modes", "--schema=" + CONTRACT);
    String city = "--candidate=" + withCity();
    String amount = "--candidate=" + withoutAmount();
    String cannotRead =
        "ERROR    city  cannot read what version 1 wrote: reader field missing default value (city)";
    String cannotBeRead =
        "ERROR    amount  cannot be read by version 1: reader field missing default value (amount)";

    Outcome backward = ofCards("check", "modes", city);
    assertThat(backward.code).isEqualTo(1);
    assertThat(errors(backward)).containsExactly(cannotRead);
    assertThat(backward.out).contains("subject modes by BACKWARD (against versions [1])");
    assertThat(ofCards("check", "modes", city, "--mode=FORWARD").code).isZero();
    assertThat(errors(ofCards("check", "modes", amount))).hasSize(1);

    setMode("modes", "FORWARD");
    assertThat(ofCards("check", "modes", city).code).isZero();
    assertThat(errors(ofCards("check", "modes", amount))).contains(cannotBeRead);

    setMode("modes", "FULL_TRANSITIVE");
    assertThat(errors(ofCards("check", "modes", city))).containsExactly(cannotRead);
    assertThat(errors(ofCards("check", "modes", amount))).contains(cannotBeRead);

    assertThat(ofCards("check", "modes", city, "--mode=NONE").code).isZero();
  }

  /** What is checked here and what the registry then does is the same. */
  @Test
  void the_check_and_the_registry_agree() throws Exception {
    for (String mode : List.of("BACKWARD", "FORWARD", "FULL")) {
      for (Path candidate : List.of(withCity(), withoutAmount())) {
        String subject = "agree-" + mode + "-" + candidate.getFileName();
        ofCards("register", subject, "--schema=" + CONTRACT);
        setMode(subject, mode);
        boolean refused =
            errors(ofCards("check", subject, "--candidate=" + candidate)).stream()
                .anyMatch(line -> line.contains("version 1"));
        assertThat(ofCards("register", subject, "--schema=" + candidate).code)
            .as(subject)
            .isEqualTo(refused ? 1 : 0);
      }
    }
  }

  @Test
  void a_subject_without_versions_takes_anything() {
    Outcome first = ofCards("check", "none-yet", "--candidate=" + CONTRACT);
    assertThat(first.code).isZero();
    assertThat(first.out).contains("subject none-yet by BACKWARD (no version yet)");
  }

  @Test
  void of_json_schema_the_registry_is_the_judge() throws IOException {
    String sale =
        """
        {"type": "object", "required": ["id", "at"], "properties": {
          "id": {"type": "integer"},
          "at": {"type": "string", "format": "date-time"},
          "amount": {"type": "number", "default": 1}}}
        """;
    Path contract = Files.writeString(folder.resolve("sale.json"), sale);
    Path stricter =
        Files.writeString(
            folder.resolve("stricter.json"), sale.replace("\"at\"]", "\"at\", \"amount\"]"));
    Path spec =
        Files.writeString(
            folder.resolve("sales.yaml"),
            """
            pipeline: sales
            events:
              from: { kafka: { bootstrapServers: "127.0.0.1:1", topic: sales } }
              format: { json: { contract: sale.json, registry: "%s" } }
              id: id
              eventTime: at
            validate: [ "amount > 0.0" ]
            to: { kafka: { topic: decisions } }
            deadLetters: { kafka: { topic: dead } }
            """
                .formatted(registry.url()));
    assertThat(schema("register", spec.toString(), "--schema=" + contract).out)
        .matches("subject sales-value, version 1, id \\d+\\R");
    assertThat(schema("check", spec.toString(), "--candidate=" + contract).out)
        .contains("subject sales-value by BACKWARD (against versions [1])")
        .contains("0 errors, 0 warnings, 0 notes: compatible");
    Outcome refused = schema("check", spec.toString(), "--candidate=" + stricter);
    assertThat(refused.out).contains("ERROR").contains("the registry objects: ");
    assertThat(refused.code).isEqualTo(1);
    assertThat(schema("check", spec.toString(), "--candidate=" + stricter, "--mode=FORWARD").out)
        .contains(
            "not checked: subject sales-value by FORWARD: of JSON only the registry is the judge, by its own mode BACKWARD");
  }

  /** Protobuf writes numbers alone, so a new name breaks no reader; this registry refuses it. */
  @Test
  void of_protobuf_too_and_its_rules_are_its_own() throws IOException {
    String sale =
        """
        syntax = "proto3";
        import "google/protobuf/timestamp.proto";
        message Sale {
          string id = 1;
          google.protobuf.Timestamp at = 2;
          double amount = 3;
        }
        """;
    Path contract = Files.writeString(folder.resolve("sale.proto"), sale);
    Path more =
        Files.writeString(
            folder.resolve("more.proto"),
            sale.replace("double amount = 3;", "double amount = 3; string city = 4;"));
    Path renamed =
        Files.writeString(folder.resolve("renamed.proto"), sale.replace("amount", "value"));
    Path gone =
        Files.writeString(folder.resolve("gone.proto"), sale.replace("double amount = 3;", ""));
    Path spec =
        Files.writeString(
            folder.resolve("sales.yaml"),
            """
            pipeline: sales
            events:
              from: { kafka: { bootstrapServers: "127.0.0.1:1", topic: sales-proto } }
              format: { protobuf: { contract: sale.proto, registry: "%s" } }
              id: id
              eventTime: at
            validate: [ "amount > 0.0" ]
            to: { kafka: { topic: decisions } }
            deadLetters: { kafka: { topic: dead } }
            """
                .formatted(registry.url()));
    assertThat(schema("register", spec.toString(), "--schema=" + contract).out)
        .matches("subject sales-proto-value, version 1, id \\d+\\R");
    assertThat(schema("check", spec.toString(), "--candidate=" + more).out)
        .contains("INFO     city  found a new field, string")
        .contains("0 errors, 0 warnings, 1 note: compatible");
    assertThat(schema("check", spec.toString(), "--candidate=" + renamed).out)
        .contains("INFO     amount  found 'value', which is the same by its number")
        .contains("the registry objects: ");
    assertThat(errors(schema("check", spec.toString(), "--candidate=" + gone)))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "amount  found no such field: every event has the contract's default 0.0 from now on; used by the rules 'amount > 0.0'"));
  }
}
