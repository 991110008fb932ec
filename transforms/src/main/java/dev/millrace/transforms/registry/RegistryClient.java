package dev.millrace.transforms.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The one client of a registry in a JVM: what the answers mean, and which are kept. */
final class RegistryClient {

  private static final Map<ConfluentRegistry, RegistryClient> OPEN = new ConcurrentHashMap<>();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ANSWERS_KEPT = 10_000;
  private static final long NO_SCHEMA_KEPT_NANOS = 10_000_000_000L;

  /** The registry's own codes for "no such schema": a proxy's 404 has none and means nothing. */
  private static final int SCHEMA_NOT_FOUND = 40403;

  private record Answer(Optional<SchemaText> schema, long atNanos) {}

  private final ConfluentRegistry registry;
  private final RegistryRequests requests;
  private final LongSupplier nanos;
  private final Map<SchemaId, CompletableFuture<Answer>> answers = new Oldest();

  RegistryClient(ConfluentRegistry registry, LongSupplier nanos) {
    this.registry = registry;
    this.requests = new RegistryRequests(registry);
    this.nanos = nanos;
  }

  static RegistryClient of(ConfluentRegistry registry) {
    return OPEN.computeIfAbsent(registry, key -> new RegistryClient(key, System::nanoTime));
  }

  Optional<SchemaText> find(SchemaId id) {
    CompletableFuture<Answer> mine = new CompletableFuture<>();
    CompletableFuture<Answer> answer;
    synchronized (answers) {
      answer = answers.get(id);
      if (answer == null || isStale(answer)) {
        answers.put(id, mine);
        answer = mine;
      }
    }
    if (answer == mine) {
      fetch(id, mine);
    }
    try {
      return answer.join().schema;
    } catch (CompletionException e) {
      throw new SchemaSourceUnavailableException(id, String.valueOf(e.getMessage()), e);
    }
  }

  private boolean isStale(CompletableFuture<Answer> future) {
    if (!future.isDone() || future.isCompletedExceptionally()) {
      return false;
    }
    Answer answer = future.join();
    return answer.schema.isEmpty() && nanos.getAsLong() - answer.atNanos > NO_SCHEMA_KEPT_NANOS;
  }

  private void fetch(SchemaId id, CompletableFuture<Answer> future) {
    try {
      future.complete(new Answer(ask(id), nanos.getAsLong()));
    } catch (RuntimeException | Error e) {
      // Those who wait fail too; whoever comes later asks again.
      synchronized (answers) {
        answers.remove(id, future);
      }
      future.completeExceptionally(e);
    }
  }

  private Optional<SchemaText> ask(SchemaId id) {
    HttpResponse<String> response = requests.get("/schemas/ids/" + id.value());
    JsonNode body = json(response);
    if (response.statusCode() == 200 && body.path("schema").isTextual()) {
      String type = body.path("schemaType").asText("AVRO");
      return Optional.of(SchemaText.of(type, body.get("schema").asText()));
    }
    if (response.statusCode() == 404 && body.path("error_code").asInt() == SCHEMA_NOT_FOUND) {
      return Optional.empty();
    }
    throw unexpected(response, "a schema, or 404 with error_code " + SCHEMA_NOT_FOUND);
  }

  int register(String subject, SchemaText schema) {
    String path =
        "/subjects/" + URLEncoder.encode(subject, UTF_8).replace("+", "%20") + "/versions";
    ObjectNode request = JSON.createObjectNode().put("schema", schema.text());
    if (!schema.type().equals(SchemaText.AVRO)) {
      request.put("schemaType", schema.type());
    }
    HttpResponse<String> response = requests.post(path, request.toString());
    JsonNode body = json(response);
    if (response.statusCode() == 200 && body.path("id").isInt()) {
      return body.get("id").asInt();
    }
    if (response.statusCode() == 409 || response.statusCode() == 422) {
      throw new IllegalArgumentException(
          "subject '%s' of %s: found a schema that it refuses (%s), expected a compatible one"
              .formatted(subject, registry, body.path("message").asText()));
    }
    throw unexpected(response, "the schema's id");
  }

  void check() {
    try {
      HttpResponse<String> response = requests.once("/subjects");
      if (response.statusCode() != 200 || !json(response).isArray()) {
        throw unexpected(
            response,
            "a list: is the path right? Apicurio has Confluent's interface at /apis/ccompat/v7");
      }
    } catch (SchemaSourceUnavailableException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private SchemaSourceUnavailableException unexpected(
      HttpResponse<String> response, String expected) {
    return new SchemaSourceUnavailableException(
        "%s: found answer %d to %s, expected %s"
            .formatted(registry, response.statusCode(), response.uri().getPath(), expected),
        null);
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static final class Oldest extends LinkedHashMap<SchemaId, CompletableFuture<Answer>> {
    Oldest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<SchemaId, CompletableFuture<Answer>> eldest) {
      return size() > ANSWERS_KEPT;
    }
  }
}
