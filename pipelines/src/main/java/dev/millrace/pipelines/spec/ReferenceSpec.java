package dev.millrace.pipelines.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where reference data is. */
public sealed interface ReferenceSpec {

  /** What a table may take of a worker's memory unless it says otherwise: a quarter of a GB. */
  int DEFAULT_MAX_BYTES = 256 << 20;

  /** The word for it in a specification. */
  String word();

  /** Whether a server is asked, and not a table in the worker. */
  default boolean isRemote() {
    return this instanceof Asked;
  }

  /** What a run connects to; nothing for files. */
  Optional<String> server();

  /** What of it makes a looked-up value mean what it does: not where the server is, nor a login. */
  String meaning();

  /** A server that is asked for the keys of events. */
  sealed interface Asked extends ReferenceSpec {

    /** Its address. */
    String url();

    @Override
    default Optional<String> server() {
      return Optional.of(url());
    }
  }

  /**
   * A compacted topic, held as a table.
   *
   * @param settings passed through to the Kafka consumer; may hold {@code secret:} references
   * @param maxBytes what the table may take of a worker's memory
   * @param format of its values; null for JSON objects without a contract
   * @param keys how its keys are written
   */
  record Kafka(
      String bootstrapServers,
      String topic,
      Map<String, String> settings,
      int maxBytes,
      FormatSpec.@Nullable Framed format,
      Keys keys)
      implements ReferenceSpec {

    /** How the keys of a topic are written. */
    public enum Keys {
      TEXT,
      /** In the frame of the values, known to the same registry. */
      AVRO
    }

    /**
     * Checks that what a frame names can be found.
     *
     * @throws IllegalArgumentException when it is no frame of a topic, or keys need one
     */
    public Kafka {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      if (format != null && format.framing() == FormatSpec.Framing.PUBSUB) {
        throw new IllegalArgumentException(
            "found framing 'pubsub', which is of messages of Pub/Sub, expected one of confluent, headers, singleObject, none");
      }
      if (keys == Keys.AVRO
          && (format == null
              || format.registry() == null
              || format.framing() == FormatSpec.Framing.NONE)) {
        throw new IllegalArgumentException(
            "found keys 'avro', and no 'format' with a registry and a frame, expected one: it knows the keys' schemas too");
      }
    }

    /** JSON objects without a contract, whose keys are text. */
    public static Kafka ofJson(
        String bootstrapServers, String topic, Map<String, String> settings, int maxBytes) {
      return new Kafka(bootstrapServers, topic, settings, maxBytes, null, Keys.TEXT);
    }

    @Override
    public String word() {
      return "kafka";
    }

    @Override
    public Optional<String> server() {
      return Optional.of(bootstrapServers);
    }

    @Override
    public String meaning() {
      return "kafka " + topic;
    }
  }

  /**
   * A file, or all of a pattern, held as a table.
   *
   * @param key the field that is the key
   * @param refresh how long between two looks at it
   * @param maxBytes what the table may take of a worker's memory
   */
  record Files(String path, String key, Duration refresh, int maxBytes) implements ReferenceSpec {

    /** How long between two looks, unless something else is said. */
    public static final Duration DEFAULT_REFRESH = Duration.ofSeconds(30);

    @Override
    public String word() {
      return "files";
    }

    @Override
    public Optional<String> server() {
      return Optional.empty();
    }

    @Override
    public String meaning() {
      return "files by " + key;
    }
  }

  /**
   * Hashes in Redis.
   *
   * @param key the name of a hash, with {@code {key}} in it
   * @param password where it is to be had; null for none
   */
  record Redis(String url, String key, @Nullable String user, @Nullable String password)
      implements Asked {
    @Override
    public String word() {
      return "redis";
    }

    @Override
    public String meaning() {
      return "redis " + key;
    }
  }

  /**
   * A table in PostgreSQL.
   *
   * @param url of JDBC
   * @param password where it is to be had; null for none
   * @param key the column that is the key
   */
  record Postgres(
      String url, @Nullable String user, @Nullable String password, String table, String key)
      implements Asked {
    @Override
    public String word() {
      return "postgres";
    }

    @Override
    public String meaning() {
      return "postgres %s by %s".formatted(table, key);
    }
  }

  /**
   * Objects of a web service.
   *
   * @param url with {@code {key}} in it
   * @param headers of each request; may hold {@code secret:} references
   */
  record Http(String url, Map<String, String> headers) implements Asked {
    public Http {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    @Override
    public String word() {
      return "http";
    }

    @Override
    public String meaning() {
      return "http " + url.replaceFirst("^https?://[^/]*", "");
    }
  }
}
