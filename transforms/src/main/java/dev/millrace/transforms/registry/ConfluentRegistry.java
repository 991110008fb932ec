package dev.millrace.transforms.registry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry that speaks Confluent's REST interface, as Apicurio's and Redpanda's also do.
 * Of an Apicurio, whose address ends in {@code /apis/ccompat/v7}, its global and content ids are
 * known too, by its own interface at {@code /apis/registry/v2}.
 *
 * <p>All decoders of one JVM share one client: a schema is asked for once however many want it at
 * the same time, and kept, 10,000 of them; that there is none is remembered for ten seconds. What a
 * schema refers to is fetched with it. An answer of more than 4 MiB, and references that go in a
 * circle or are more than 200, make a schema unusable.
 *
 * <p>A registry that does not answer, answers with a server's error, or refuses (401, 403) is in
 * trouble that passes: who asks first waits for up to the patience, who asks then is told at once
 * that the schema cannot be had, while it is asked for in the background, after pauses that grow to
 * 5 s. Redirects are not followed.
 *
 * <p>Sources: Confluent's Schema Registry API reference; Apicurio Registry's v2 REST API.
 */
public final class ConfluentRegistry implements SchemaSource {

  private final Endpoint endpoint;

  ConfluentRegistry(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * At this address, up to before {@code /subjects}; 5 s for a request, a second's patience.
   *
   * @throws IllegalArgumentException when it is not a plain http or https address
   */
  public static ConfluentRegistry at(String url) {
    return new ConfluentRegistry(Endpoint.at("schema registry", url));
  }

  /** How long a caller waits for a registry that does not answer. A second by default. */
  public ConfluentRegistry withPatience(Duration patience) {
    return new ConfluentRegistry(endpoint.withPatience(patience));
  }

  /** As whom it is asked. As nobody by default. */
  public ConfluentRegistry withAuthentication(Authentication authentication) {
    return new ConfluentRegistry(endpoint.withAuthentication(authentication));
  }

  /**
   * Its certificates and ours. By default those of Java's list of authorities, and none.
   *
   * @throws IllegalArgumentException when the address is not one of https
   */
  public ConfluentRegistry withTls(Tls tls) {
    return new ConfluentRegistry(endpoint.withTls(tls));
  }

  public String url() {
    return endpoint.url();
  }

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return client().keeps(kind);
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    return client().find(id);
  }

  /**
   * The versions of a subject, oldest first; none when there is no such subject.
   *
   * @throws SchemaSourceUnavailableException when the registry does not answer
   */
  public List<Integer> versions(String subject) {
    return client().versions(subject);
  }

  /** One version of a subject, empty when there is none; fails as {@link #versions}. */
  public Optional<SchemaText> version(String subject, int version) {
    return client().version(subject, Integer.toString(version));
  }

  /** The newest version of a subject, empty when there is none; fails as {@link #versions}. */
  public Optional<SchemaText> latest(String subject) {
    return client().version(subject, "latest");
  }

  /**
   * What the registry demands of a subject's next version, as {@code BACKWARD}: the subject's own
   * setting, else the registry's; empty when it tells none. Fails as {@link #versions}.
   */
  public Optional<String> compatibility(String subject) {
    return client().compatibility(subject);
  }

  /**
   * Registers a schema without references under a subject; one that is there already keeps its id.
   *
   * @return the schema's id
   * @throws IllegalArgumentException when the registry refuses it, as for being incompatible
   * @throws SchemaSourceUnavailableException when it does not answer
   */
  public int register(String subject, SchemaText schema) {
    return client().register(subject, schema);
  }

  /** As {@link #register(String, SchemaText)}. */
  public int register(String subject, Schema schema) {
    return register(subject, SchemaText.of(schema));
  }

  /**
   * Why the registry would refuse a schema as the next version of a subject, by the subject's
   * compatibility; nothing when it would take it. Nothing is registered.
   *
   * @throws SchemaSourceUnavailableException when the registry does not answer
   */
  public List<String> objections(String subject, SchemaText schema) {
    return client().objections(subject, schema);
  }

  /** Which version of a subject a schema is, empty when it is none; fails as {@link #versions}. */
  public Optional<Integer> versionOf(String subject, SchemaText schema) {
    return client().versionOf(subject, schema);
  }

  @Override
  public void check() {
    client().check();
  }

  private ConfluentClient client() {
    return ConfluentClient.of(endpoint);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConfluentRegistry that && endpoint.equals(that.endpoint);
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
