package dev.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.SchemaText.Reference;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MONEY =
      "{\"type\":\"record\",\"name\":\"Money\",\"namespace\":\"it\","
          + "\"fields\":[{\"name\":\"cents\",\"type\":\"long\"}]}";
  private static final String PAYMENT =
      "{\"type\":\"record\",\"name\":\"Payment\",\"namespace\":\"it\","
          + "\"fields\":[{\"name\":\"amount\",\"type\":\"it.Money\"}]}";
  private static final String MONEY_PROTO =
      "syntax = \"proto3\"; package it; message Money { int64 cents = 1; }";
  private static final String PAYMENT_PROTO =
      "syntax = \"proto3\"; package it; import \"money.proto\";"
          + " message Payment { Money amount = 1; }";

  private static RegistryServer server;
  private static ConfluentRegistry registry;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = RegistryServer.start(folder);
    registry = ConfluentRegistry.at(server.url()).withPatience(Duration.ofSeconds(10));
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Test
  void schemas_come_with_what_they_refer_to_by_every_number_that_the_registry_has()
      throws Exception {
    registry.register("money", SchemaText.of(SchemaText.AVRO, MONEY));
    int id = refer("payment", SchemaText.AVRO, PAYMENT, "it.Money", "money");
    SchemaText expected =
        new SchemaText("AVRO", PAYMENT, List.of(new Reference("it.Money", MONEY)));
    assertThat(registry.find(SchemaId.of(id))).contains(expected);
    assertThat(registry.find(SchemaId.contentId(number("payment", "contentId"))))
        .contains(expected);
    assertThat(registry.find(SchemaId.globalId(number("payment", "globalId")))).contains(expected);
  }

  @Test
  void types_are_told_by_every_number() throws Exception {
    registry.register("money.proto", SchemaText.of(SchemaText.PROTOBUF, MONEY_PROTO));
    int id = refer("proto", SchemaText.PROTOBUF, PAYMENT_PROTO, "money.proto", "money.proto");
    SchemaText proto =
        new SchemaText(
            "PROTOBUF", PAYMENT_PROTO, List.of(new Reference("money.proto", MONEY_PROTO)));
    assertThat(registry.find(SchemaId.of(id))).contains(proto);
    assertThat(registry.find(SchemaId.globalId(number("proto", "globalId")))).contains(proto);
    SchemaText json =
        SchemaText.of(SchemaText.JSON, "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}");
    assertThat(registry.find(SchemaId.of(registry.register("json", json)))).contains(json);
    assertThat(registry.find(SchemaId.contentId(number("json", "contentId")))).contains(json);
  }

  @Test
  void numbers_that_were_never_given_out_are_answered_and_not_waited_for() {
    assertThat(registry.find(SchemaId.of(2_000_000))).isEmpty();
    assertThat(registry.find(SchemaId.globalId(2_000_000))).isEmpty();
    assertThat(registry.find(SchemaId.contentId(2_000_000))).isEmpty();
  }

  @Test
  void subjects_tell_their_versions_and_their_compatibility_or_the_registrys() throws Exception {
    SchemaText first = SchemaText.of(SchemaText.AVRO, MONEY);
    SchemaText second =
        SchemaText.of(
            SchemaText.AVRO,
            MONEY.replace(
                "]}", ",{\"name\":\"currency\",\"type\":\"string\",\"default\":\"EUR\"}]}"));
    registry.register("versions", first);
    registry.register("versions", second);
    assertThat(registry.versions("versions")).containsExactly(1, 2);
    assertThat(registry.version("versions", 1)).contains(first);
    assertThat(registry.latest("versions")).contains(second);
    assertThat(registry.version("versions", 3)).isEmpty();
    assertThat(registry.versions("none such")).isEmpty();
    assertThat(registry.compatibility("versions")).contains("BACKWARD");
    assertThat(registry.compatibility("none such")).contains("BACKWARD");
    put("/config/versions", Map.of("compatibility", "FULL"));
    assertThat(registry.compatibility("versions")).contains("FULL");
    assertThatThrownBy(
            () ->
                registry.register(
                    "versions",
                    SchemaText.of(SchemaText.AVRO, MONEY.replace("\"long\"", "\"string\""))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found a schema that it refuses");
  }

  @Test
  void registry_that_is_away_keeps_what_is_known_and_answers_for_the_rest_when_it_is_back()
      throws Exception {
    // Another client than that of the other tests, which wait longer.
    ConfluentRegistry quick =
        ConfluentRegistry.at(server.url()).withPatience(Duration.ofMillis(100));
    SchemaId known = SchemaId.of(quick.register("known", schema("Known")));
    SchemaId later = SchemaId.of(registry.register("later", schema("Later")));
    assertThat(quick.find(known)).isPresent();
    server.kill();
    assertThatThrownBy(() -> quick.find(later))
        .isInstanceOf(SchemaSourceUnavailableException.class);
    assertThat(quick.find(known)).isPresent();
    server.restart();
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!isThere(quick, later)) {
      assertThat(System.nanoTime()).as("the schema is there within a minute").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean isThere(ConfluentRegistry registry, SchemaId id) {
    try {
      return registry.find(id).isPresent();
    } catch (SchemaSourceUnavailableException e) {
      return false;
    }
  }

  private static SchemaText schema(String name) {
    return SchemaText.of(
        SchemaText.AVRO, "{\"type\":\"record\",\"name\":\"%s\",\"fields\":[]}".formatted(name));
  }

  private static int refer(String subject, String type, String text, String name, String to)
      throws Exception {
    Map<String, Object> reference = Map.of("name", name, "subject", to, "version", 1);
    Map<String, Object> body =
        Map.of("schema", text, "schemaType", type, "references", List.of(reference));
    HttpResponse<String> response =
        send("POST", URI.create(server.url() + "/subjects/" + subject + "/versions"), body);
    return JSON.readTree(response.body()).get("id").asInt();
  }

  private static void put(String path, Map<String, Object> body) throws Exception {
    send("PUT", URI.create(server.url() + path), body);
  }

  /** As Apicurio's own serializers learn it. */
  private static long number(String subject, String name) throws Exception {
    URI meta =
        URI.create(
            server.url().replace("/ccompat/v7", "/registry/v2")
                + "/groups/default/artifacts/%s/meta".formatted(subject));
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(meta).build(), BodyHandlers.ofString());
    return JSON.readTree(response.body()).get(name).asLong();
  }

  private static HttpResponse<String> send(String method, URI uri, Map<String, Object> body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }
}
