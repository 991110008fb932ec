package dev.millrace.transforms.registry;

import dev.millrace.transforms.registry.Requests.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of Pub/Sub topics, by revision, of any project that the caller may read. They are
 * kept and waited for as those of a {@link ConfluentRegistry}. They refer to no others.
 *
 * <p>Google's own default credentials are not used yet, they come with the Pub/Sub transport; until
 * then an access token is given as a secret, which is read anew for each request.
 *
 * <p>Source: Pub/Sub's REST reference, {@code projects.schemas.get}.
 */
public final class PubsubSchemas implements SchemaSource {

  private static final Map<Endpoint, SchemaAnswers> OPEN = new ConcurrentHashMap<>();

  private final String project;
  private final Endpoint endpoint;

  private PubsubSchemas(String project, Endpoint endpoint) {
    this.project = project;
    this.endpoint = endpoint;
  }

  /**
   * At Google's, as nobody.
   *
   * @param project whose schemas are listed to see, before launch, whether they may be read
   */
  public static PubsubSchemas of(String project) {
    return new PubsubSchemas(
        project, Endpoint.at("Pub/Sub's schemas", "https://pubsub.googleapis.com"));
  }

  /** Where Pub/Sub is, as an emulator. {@code https://pubsub.googleapis.com} by default. */
  public PubsubSchemas withRoot(String url) {
    Endpoint other = Endpoint.at(endpoint.name(), url).withPatience(endpoint.patience());
    Authentication authentication = endpoint.authentication();
    return new PubsubSchemas(
        project, authentication == null ? other : other.withAuthentication(authentication));
  }

  /** How long a caller waits while it does not answer. A second by default. */
  public PubsubSchemas withPatience(Duration patience) {
    return new PubsubSchemas(project, endpoint.withPatience(patience));
  }

  /** As whom it is asked. As nobody by default, which only an emulator takes. */
  public PubsubSchemas withAuthentication(Authentication.Bearer authentication) {
    return new PubsubSchemas(project, endpoint.withAuthentication(authentication));
  }

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.REVISION;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    if (!keeps(id.kind())) {
      return Optional.empty();
    }
    return OPEN.computeIfAbsent(endpoint, PubsubSchemas::open).find(id);
  }

  private static SchemaAnswers open(Endpoint endpoint) {
    Requests requests = new Requests(endpoint);
    return new SchemaAnswers(endpoint, (id, patience) -> ask(endpoint, requests, id, patience));
  }

  private static Optional<SchemaText> ask(
      Endpoint endpoint, Requests requests, SchemaId id, Duration patience) {
    String[] parts = id.value().split("/", -1);
    String url =
        "%s/v1/projects/%s/schemas/%s?view=FULL"
            .formatted(endpoint.url(), Requests.encode(parts[1]), Requests.encode(parts[3]));
    Reply reply = requests.get(url, patience);
    if (reply.status() == 404
        && reply.json().path("error").path("status").asText().equals("NOT_FOUND")) {
      return Optional.empty();
    }
    String type = reply.json().path("type").asText();
    if (reply.status() != 200 || !reply.json().path("definition").isTextual()) {
      throw requests.unexpected(reply, "a schema, or 404 with status NOT_FOUND");
    }
    return Optional.of(
        SchemaText.of(
            type.equals("PROTOCOL_BUFFER") ? SchemaText.PROTOBUF : type,
            reply.json().get("definition").asText()));
  }

  @Override
  public void check() {
    Requests requests = new Requests(endpoint);
    try {
      Reply reply =
          requests.get(
              "%s/v1/projects/%s/schemas?pageSize=1"
                  .formatted(endpoint.url(), Requests.encode(project)),
              Duration.ZERO);
      if (reply.status() != 200 || !reply.json().isObject()) {
        throw requests.unexpected(reply, "a list of the schemas of project " + project);
      }
    } catch (SchemaSourceUnavailableException | UnusableSchemaException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PubsubSchemas that
        && endpoint.equals(that.endpoint)
        && project.equals(that.project);
  }

  @Override
  public int hashCode() {
    return endpoint.hashCode();
  }

  @Override
  public String toString() {
    return endpoint.toString();
  }
}
