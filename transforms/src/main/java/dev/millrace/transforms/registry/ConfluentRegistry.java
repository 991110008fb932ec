package dev.millrace.transforms.registry;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A schema registry that speaks Confluent's REST interface, as Apicurio's and Redpanda's also do.
 * All decoders of one JVM share one client: a schema is asked for once however many want it at the
 * same time, and kept; that there is none is remembered for ten seconds.
 *
 * <p>A registry that does not answer, or answers with a server's error, is asked again at growing
 * intervals for as long as {@code patience}; then the bundle fails and the runner tries it again.
 * Nothing of this is ever a dead letter. A registry that refuses (401, 403, a redirect) fails the
 * bundle at once.
 *
 * <p>Source: Confluent's Schema Registry API reference, {@code /schemas/ids}, {@code /subjects}.
 *
 * @param url up to before {@code /subjects}; Apicurio has it at {@code /apis/ccompat/v7}
 * @param timeout how long one request may take
 * @param patience how long a record waits for a registry that does not answer
 * @param firstPause before the second request; each later pause is twice as long, up to 5 s
 */
public record ConfluentRegistry(
    String url, Duration timeout, Duration patience, Duration firstPause) implements SchemaSource {

  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException when {@code url} is not a plain http or https address
   */
  public ConfluentRegistry {
    URI uri = parse(url);
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    boolean plain = uri.getUserInfo() == null && uri.getQuery() == null && !url.contains("..");
    if (!web || uri.getHost() == null || !plain || uri.getFragment() != null) {
      throw new IllegalArgumentException(
          "schema registry: found address '%s', expected http(s)://host:port/path without credentials, query or '..'"
              .formatted(withoutCredentials(uri)));
    }
    url = url.replaceFirst("/+$", "");
  }

  /** At this address; 5 s for a request, a minute's patience. */
  public static ConfluentRegistry at(String url) {
    return new ConfluentRegistry(
        url, Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMillis(100));
  }

  /** How long a record waits for a registry that does not answer. A minute by default. */
  public ConfluentRegistry withPatience(Duration patience) {
    return new ConfluentRegistry(url, timeout, patience, firstPause);
  }

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.ID;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    if (!keeps(id.kind())) {
      return Optional.empty();
    }
    return RegistryClient.of(this).find(id);
  }

  /**
   * Registers a schema under a subject; one that is there already keeps its id.
   *
   * @return the schema's id
   * @throws IllegalArgumentException when the registry refuses it, as for being incompatible
   * @throws SchemaSourceUnavailableException when it does not answer
   */
  public int register(String subject, SchemaText schema) {
    return RegistryClient.of(this).register(subject, schema);
  }

  /** As {@link #register(String, SchemaText)}. */
  public int register(String subject, Schema schema) {
    return register(subject, SchemaText.of(schema));
  }

  @Override
  public void check() {
    RegistryClient.of(this).check();
  }

  @Override
  public String toString() {
    return "schema registry " + url;
  }

  private static URI parse(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "schema registry: found an address that is none (%s), expected http(s)://host:port/path"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static String withoutCredentials(URI uri) {
    return uri.toString().replaceFirst("//[^/@]*@", "//...@");
  }
}
