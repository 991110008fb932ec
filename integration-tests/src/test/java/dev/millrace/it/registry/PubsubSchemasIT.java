package dev.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.pipelines.services.PubsubEmulator;
import dev.millrace.transforms.registry.PubsubSchemas;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaText;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Google's emulator, which keeps Avro schemas, and no Protobuf. */
class PubsubSchemasIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROJECT = "projects/test-project";
  private static @Nullable PubsubEmulator emulator;
  private static String root = "";

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    assumeTrue(
        PubsubEmulator.jar().isPresent(),
        "SKIPPED: no Pub/Sub emulator; name its jar in MILLRACE_PUBSUB_EMULATOR, or install the"
            + " package google-cloud-cli-pubsub-emulator");
    emulator = PubsubEmulator.start(folder);
    root = emulator.url();
    PubsubSchemas.of("test-project").withRoot(root).check();
  }

  @AfterAll
  static void stop() {
    if (emulator != null) {
      emulator.stop();
    }
  }

  @Test
  void every_revision_of_a_schema_is_found_and_none_that_is_not_there() throws Exception {
    String first = "{\"type\":\"record\",\"name\":\"P\",\"fields\":[]}";
    String second =
        "{\"type\":\"record\",\"name\":\"P\",\"fields\":"
            + "[{\"name\":\"a\",\"type\":\"long\",\"default\":0}]}";
    Map<String, Object> created = Map.of("type", "AVRO", "definition", first);
    String old = post("/schemas?schemaId=payment", created).get("revisionId").asText();
    Map<String, Object> schema =
        Map.of("name", PROJECT + "/schemas/payment", "type", "AVRO", "definition", second);
    String now =
        post("/schemas/payment:commit", Map.of("schema", schema)).get("revisionId").asText();
    PubsubSchemas schemas = PubsubSchemas.of("test-project").withRoot(root);
    assertThat(schemas.find(revision(old))).contains(SchemaText.of(SchemaText.AVRO, first));
    assertThat(schemas.find(revision(now))).contains(SchemaText.of(SchemaText.AVRO, second));
    assertThat(schemas.find(revision("deadbeef"))).isEmpty();
  }

  private static SchemaId revision(String revision) {
    return SchemaId.revision(PROJECT + "/schemas/payment@" + revision);
  }

  private static JsonNode post(String path, Map<String, Object> body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(root + "/v1/" + PROJECT + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
