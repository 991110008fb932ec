package dev.millrace.transforms.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.transforms.registry.References.Link;
import dev.millrace.transforms.registry.References.Linked;
import dev.millrace.transforms.registry.Requests.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The one client of a registry in a JVM: what its answers mean. */
final class ConfluentClient {

  private static final Map<Endpoint, ConfluentClient> OPEN = new ConcurrentHashMap<>();

  /** The registry's own codes: a proxy's 404 has none and means nothing. */
  private static final int NO_SUBJECT = 40401;

  private static final int NO_VERSION = 40402;
  private static final int NO_SCHEMA = 40403;
  private static final int NO_COMPATIBILITY = 40408;

  private final Endpoint endpoint;
  private final Requests requests;
  private final ApicurioIds apicurio;
  private final SchemaAnswers answers;

  private ConfluentClient(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.requests = new Requests(endpoint);
    this.apicurio = new ApicurioIds(endpoint, requests);
    this.answers = new SchemaAnswers(endpoint, this::ask);
  }

  static ConfluentClient of(Endpoint endpoint) {
    return OPEN.computeIfAbsent(endpoint, ConfluentClient::new);
  }

  boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.ID || apicurio.keeps(kind);
  }

  Optional<SchemaText> find(SchemaId id) {
    return keeps(id.kind()) ? answers.find(id) : Optional.empty();
  }

  private Optional<SchemaText> ask(SchemaId id, Duration patience) {
    if (id.kind() != SchemaId.Kind.ID) {
      return apicurio.ask(id, patience);
    }
    Reply reply = requests.get(endpoint.url() + "/schemas/ids/" + id.value(), patience);
    if (says(reply, NO_SCHEMA)) {
      return Optional.empty();
    }
    return Optional.of(schema(id, reply, "a schema, or 404 with error_code " + NO_SCHEMA));
  }

  private SchemaText schema(SchemaId id, Reply reply, String expected) {
    Linked linked = linked(reply, expected);
    return new SchemaText(
        reply.json().path("schemaType").asText(SchemaText.AVRO),
        linked.text(),
        References.resolve(id, linked.links(), link -> linked(id, link)));
  }

  private Linked linked(Reply reply, String expected) {
    if (reply.status() != 200 || !reply.json().path("schema").isTextual()) {
      throw requests.unexpected(reply, expected);
    }
    List<Link> links = new ArrayList<>();
    for (JsonNode each : reply.json().path("references")) {
      String place = place(each.path("subject").asText(), each.path("version").asText());
      links.add(new Link(each.path("name").asText(), place));
    }
    return new Linked(reply.json().get("schema").asText(), links);
  }

  private Linked linked(SchemaId id, Link link) {
    // A version that was deleted is still what older schemas refer to.
    Reply reply = requests.get(link.place() + "?deleted=true", endpoint.patience());
    if (says(reply, NO_SUBJECT) || says(reply, NO_VERSION)) {
      throw new UnusableSchemaException(
          "%s: found no schema for its reference '%s' at %s".formatted(id, link.name(), endpoint));
    }
    return linked(reply, "a schema");
  }

  List<Integer> versions(String subject) {
    Reply reply = requests.get(subject(subject) + "/versions", endpoint.patience());
    if (says(reply, NO_SUBJECT)) {
      return List.of();
    }
    if (reply.status() != 200 || !reply.json().isArray()) {
      throw requests.unexpected(reply, "a list of versions");
    }
    List<Integer> versions = new ArrayList<>();
    reply.json().forEach(version -> versions.add(version.asInt()));
    return List.copyOf(versions);
  }

  Optional<SchemaText> version(String subject, String version) {
    Reply reply = requests.get(place(subject, version), endpoint.patience());
    if (says(reply, NO_SUBJECT) || says(reply, NO_VERSION)) {
      return Optional.empty();
    }
    SchemaId id = SchemaId.of(reply.json().path("id").asInt());
    return Optional.of(schema(id, reply, "a schema"));
  }

  Optional<String> compatibility(String subject) {
    if (apicurio.hasNoRule(subject)) {
      return configured("/config");
    }
    Optional<String> own = configured("/config/" + Requests.encode(subject));
    return own.isPresent() ? own : configured("/config");
  }

  private Optional<String> configured(String path) {
    Reply reply = requests.get(endpoint.url() + path, endpoint.patience());
    if (says(reply, NO_SUBJECT) || says(reply, NO_COMPATIBILITY)) {
      return Optional.empty();
    }
    JsonNode level = reply.json().path("compatibilityLevel");
    if (reply.status() != 200 || !level.isTextual()) {
      throw requests.unexpected(reply, "a compatibility level");
    }
    return Optional.of(level.asText());
  }

  int register(String subject, SchemaText schema) {
    if (!schema.references().isEmpty()) {
      throw new IllegalArgumentException(
          "subject '%s' of %s: found a schema with references, expected one that stands alone"
              .formatted(subject, endpoint));
    }
    Reply reply = post(subject(subject) + "/versions", schema);
    if (reply.status() == 200 && reply.json().path("id").isInt()) {
      return reply.json().get("id").asInt();
    }
    if (Set.of(409, 422).contains(reply.status())) {
      throw new IllegalArgumentException(
          "subject '%s' of %s: found a schema that it refuses (%s), expected a compatible one"
              .formatted(subject, endpoint, reply.json().path("message").asText()));
    }
    throw requests.unexpected(reply, "the schema's id");
  }

  List<String> objections(String subject, SchemaText schema) {
    String path = "/compatibility/subjects/%s/versions?verbose=true";
    Reply reply = post(endpoint.url() + path.formatted(Requests.encode(subject)), schema);
    if (says(reply, NO_SUBJECT) || says(reply, NO_VERSION)) {
      return List.of();
    }
    if (reply.status() == 422) {
      return List.of(reply.json().path("message").asText());
    }
    JsonNode compatible = reply.json().path("is_compatible");
    if (reply.status() != 200 || !compatible.isBoolean()) {
      throw requests.unexpected(reply, "whether a schema is compatible");
    }
    List<String> objections = new ArrayList<>();
    reply.json().path("messages").forEach(message -> objections.add(message.asText()));
    if (compatible.asBoolean()) {
      return List.of();
    }
    return objections.isEmpty() ? List.of("it gives no reason") : List.copyOf(objections);
  }

  Optional<Integer> versionOf(String subject, SchemaText schema) {
    Reply reply = post(subject(subject), schema);
    if (says(reply, NO_SUBJECT) || says(reply, NO_SCHEMA)) {
      return Optional.empty();
    }
    if (reply.status() != 200 || !reply.json().path("version").isInt()) {
      throw requests.unexpected(reply, "a version");
    }
    return Optional.of(reply.json().get("version").asInt());
  }

  private Reply post(String url, SchemaText schema) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("schema", schema.text());
    if (!schema.type().equals(SchemaText.AVRO)) {
      body.put("schemaType", schema.type());
    }
    return requests.post(url, body, endpoint.patience());
  }

  void check() {
    try {
      Reply reply = requests.get(endpoint.url() + "/schemas/types", Duration.ZERO);
      if (reply.status() != 200 || !reply.json().isArray()) {
        throw requests.unexpected(
            reply,
            "a list: is the path right? Apicurio has Confluent's interface at /apis/ccompat/v7");
      }
    } catch (SchemaSourceUnavailableException | UnusableSchemaException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private String subject(String subject) {
    return endpoint.url() + "/subjects/" + Requests.encode(subject);
  }

  private String place(String subject, String version) {
    return subject(subject) + "/versions/" + Requests.encode(version);
  }

  private static boolean says(Reply reply, int code) {
    return reply.status() == 404 && reply.json().path("error_code").asInt() == code;
  }
}
