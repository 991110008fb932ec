package dev.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.transforms.registry.PubsubSchemas;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Google's emulator, which keeps Avro schemas, and no Protobuf. */
class PubsubSchemasIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROJECT = "projects/test-project";
  private static @Nullable Process emulator;
  private static String root = "";

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Optional<Path> jar = emulatorJar();
    assumeTrue(
        jar.isPresent(),
        "SKIPPED: no Pub/Sub emulator; name its jar in MILLRACE_PUBSUB_EMULATOR, or install the"
            + " package google-cloud-cli-pubsub-emulator");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    emulator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                jar.orElseThrow().toString(),
                "--host=127.0.0.1",
                "--port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pubsub.log").toFile())
            .start();
    root = "http://127.0.0.1:" + port;
    PubsubSchemas schemas = PubsubSchemas.of("test-project").withRoot(root);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!answers(schemas)) {
      assertThat(System.nanoTime()).as("the emulator answers in two minutes").isLessThan(deadline);
      // Each question makes a client of its own.
      TimeUnit.MILLISECONDS.sleep(250);
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (emulator != null) {
      emulator.destroyForcibly().waitFor();
    }
  }

  private static Optional<Path> emulatorJar() throws IOException {
    String named = System.getenv("MILLRACE_PUBSUB_EMULATOR");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    Path folder = Path.of("/usr/lib/google-cloud-sdk/platform/pubsub-emulator/lib");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith("-all.jar")).findFirst();
    }
  }

  private static boolean answers(PubsubSchemas schemas) {
    try {
      schemas.check();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
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
