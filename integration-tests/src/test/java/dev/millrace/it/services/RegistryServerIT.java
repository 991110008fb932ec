package dev.millrace.it.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.pipelines.services.RegistryServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryServerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAYMENT = record("{'name': 'amount', 'type': 'double'}");
  private static RegistryServer registry;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    registry = RegistryServer.start(folder);
  }

  @AfterAll
  static void stop() {
    registry.stop();
    assertThat(registry.isAlive()).isFalse();
  }

  @Test
  void registering_a_schema_twice_gives_one_id() throws Exception {
    int first = id(register("twice", PAYMENT));
    assertThat(id(register("twice", PAYMENT))).isEqualTo(first);
    assertThat(schema(first)).isEqualTo(JSON.readTree(PAYMENT));
  }

  @Test
  void the_shipped_contracts_can_be_registered() throws Exception {
    Path contracts = Path.of(System.getProperty("millrace.root"), "pipelines", "card-fraud");
    for (String name : new String[] {"transaction", "label", "handbook"}) {
      String contract = Files.readString(contracts.resolve(name + ".avsc"));
      assertThat(id(register("card." + name, contract))).isPositive();
    }
  }

  @Test
  void a_version_that_cannot_read_the_last_one_is_refused() throws Exception {
    id(register("evolving", PAYMENT));
    String withoutDefault =
        record("{'name': 'amount', 'type': 'double'}, {'name': 'currency', 'type': 'string'}");
    assertThat(register("evolving", withoutDefault).statusCode()).isEqualTo(409);

    String withDefault =
        record(
            "{'name': 'amount', 'type': 'double'},"
                + " {'name': 'currency', 'type': 'string', 'default': 'EUR'}");
    assertThat(id(register("evolving", withDefault))).isPositive();
  }

  @Test
  void an_unknown_id_is_answered_with_40403() throws Exception {
    HttpResponse<String> response = get("/schemas/ids/2147483647");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(response.body()).get("error_code").asInt()).isEqualTo(40403);
  }

  @Test
  void a_killed_registry_comes_back_with_its_schemas_ids_and_rule() throws Exception {
    int before = id(register("killed", PAYMENT));
    registry.kill();
    assertThat(registry.isAlive()).isFalse();

    registry.restart();

    assertThat(schema(before)).isEqualTo(JSON.readTree(PAYMENT));
    assertThat(id(register("killed", PAYMENT))).isEqualTo(before);
    String incompatible = record("{'name': 'amount', 'type': 'string'}");
    assertThat(register("killed", incompatible).statusCode()).isEqualTo(409);
  }

  private static String record(String fields) {
    return ("{'type': 'record', 'name': 'Payment', 'fields': [" + fields + "]}").replace('\'', '"');
  }

  private static HttpResponse<String> register(String subject, String schema) throws Exception {
    String body = JSON.writeValueAsString(Map.of("schema", schema));
    return send(
        HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + subject + "/versions"))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static int id(HttpResponse<String> registered) throws IOException {
    assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
    return JSON.readTree(registered.body()).get("id").asInt();
  }

  private static JsonNode schema(int id) throws Exception {
    return JSON.readTree(JSON.readTree(get("/schemas/ids/" + id).body()).get("schema").asText());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(registry.url() + path)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }
}
