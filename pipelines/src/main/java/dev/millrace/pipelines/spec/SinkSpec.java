package dev.millrace.pipelines.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where decisions or dead letters go. */
public sealed interface SinkSpec {

  /** The word for it in a specification. */
  String word();

  /** Which one it is: its topic, its path, its address. */
  String target();

  /** What messages and steps call it: {@code kafka card.decisions}. */
  default String name() {
    return word() + " " + target();
  }

  /** Whether dead letters can go there: not where single records are refused. */
  default boolean takesDeadLetters() {
    return true;
  }

  /** Whether it keeps the records of one key in order. */
  default boolean isOrdered() {
    return asKafka().isPresent();
  }

  /** The server that the specification names for it: {@code host:port}, or an address. */
  default Optional<String> server() {
    return asKafka().map(Kafka::bootstrapServers);
  }

  /** As a Kafka topic, where it can be written to as one. */
  default Optional<Kafka> asKafka() {
    return Optional.empty();
  }

  /** What a failure may do to records. */
  enum Delivery {
    /** They may be written again. */
    AT_LEAST_ONCE("atLeastOnce"),
    /** A reader of committed records sees each once; nothing is written before a checkpoint. */
    EXACTLY_ONCE("exactlyOnce");

    private final String word;

    Delivery(String word) {
      this.word = word;
    }

    /** As it is written in a specification. */
    public String word() {
      return word;
    }
  }

  /**
   * A Kafka topic.
   *
   * @param settings passed through to the Kafka producer; may hold {@code secret:} references
   * @param maxRecordBytes what is larger becomes a dead letter instead of failing the delivery
   * @param sinkId what names an exactly-once sink from run to run; null for a name that is made of
   *     the pipeline's and the topic's
   */
  record Kafka(
      String bootstrapServers,
      String topic,
      Map<String, String> settings,
      int maxRecordBytes,
      Delivery delivery,
      @Nullable String sinkId)
      implements SinkSpec {

    /** Below the 1 MiB that a broker accepts by default. */
    public static final int DEFAULT_MAX_RECORD_BYTES = 1_000_000;

    public Kafka {
      if (maxRecordBytes < 1) {
        throw new IllegalArgumentException(
            "found maxRecordBytes " + maxRecordBytes + ", expected 1 or more");
      }
      if (sinkId != null && delivery != Delivery.EXACTLY_ONCE) {
        throw new IllegalArgumentException(
            "found a sinkId for delivery atLeastOnce, expected none, or delivery exactlyOnce");
      }
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Written to at least once. */
    public Kafka(
        String bootstrapServers, String topic, Map<String, String> settings, int maxRecordBytes) {
      this(bootstrapServers, topic, settings, maxRecordBytes, Delivery.AT_LEAST_ONCE, null);
    }

    @Override
    public String word() {
      return "kafka";
    }

    @Override
    public String target() {
      return topic;
    }

    @Override
    public Optional<Kafka> asKafka() {
      return Optional.of(this);
    }
  }

  /**
   * An event hub, written to at least once: only the dearer tiers of Event Hubs have transactions,
   * and those as a preview.
   *
   * @param settings of the Kafka producer that writes to it, over what {@link EventHubs} sets
   * @param maxRecordBytes what is larger becomes a dead letter instead of failing the delivery
   */
  record EventHub(EventHubs namespace, String hub, Map<String, String> settings, int maxRecordBytes)
      implements SinkSpec {
    public EventHub {
      EventHubs.check(settings);
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    @Override
    public String word() {
      return "eventHubs";
    }

    @Override
    public String target() {
      return hub;
    }

    @Override
    public Optional<Kafka> asKafka() {
      return Optional.of(
          new Kafka(namespace.endpoint(), hub, namespace.settings(settings), maxRecordBytes));
    }
  }

  /**
   * A Pub/Sub topic, written to at least once.
   *
   * @param path {@code projects/PROJECT/topics/TOPIC}
   * @param maxRecordBytes what is larger becomes a dead letter instead of failing the delivery
   */
  record Pubsub(String path, int maxRecordBytes) implements SinkSpec {
    @Override
    public String word() {
      return "pubsub";
    }

    @Override
    public String target() {
      return path;
    }

    @Override
    public boolean isOrdered() {
      return true;
    }
  }

  /**
   * A Kinesis stream, written to at least once.
   *
   * @param maxRecordBytes what is larger becomes a dead letter instead of failing the delivery
   */
  record Kinesis(AwsAccess access, String stream, int maxRecordBytes) implements SinkSpec {
    @Override
    public Optional<String> server() {
      return Optional.ofNullable(access.endpoint());
    }

    @Override
    public String word() {
      return "kinesis";
    }

    @Override
    public String target() {
      return stream;
    }

    @Override
    public boolean isOrdered() {
      return true;
    }
  }

  /**
   * Files: of events that have an end one, whose name is the path; else a folder with those of each
   * window of time.
   *
   * @param windows null for one file
   */
  record Files(String path, @Nullable Windows windows) implements SinkSpec {

    /** One file. */
    public Files(String path) {
      this(path, null);
    }

    /** Whether dead letters are Avro in it; one file of them always is. */
    public boolean isAvro() {
      return windows == null || windows.format() == FileFormat.AVRO;
    }

    @Override
    public String word() {
      return "files";
    }

    @Override
    public String target() {
      return path;
    }
  }

  /**
   * One window of time after the other, each a file or several.
   *
   * @param shards how many files a window has
   */
  record Windows(Duration window, FileFormat format, int shards) {}

  /** What a file of a window is made of. */
  enum FileFormat {
    AVRO,
    JSON
  }

  /**
   * A BigQuery table, which a decision is a row of, appended at least once.
   *
   * @param table {@code project.dataset.table}
   * @param create whether a table that is not there is made at launch
   * @param clusterBy columns by which a table that is made is clustered
   * @param maxRecordBytes a row that is larger becomes a dead letter
   */
  record BigQuery(String table, boolean create, List<String> clusterBy, int maxRecordBytes)
      implements SinkSpec {
    public BigQuery {
      clusterBy = List.copyOf(clusterBy);
      if (!create && !clusterBy.isEmpty()) {
        throw new IllegalArgumentException(
            "found clusterBy for a table that is there, expected none, or create: true");
      }
    }

    @Override
    public String word() {
      return "bigQuery";
    }

    @Override
    public boolean takesDeadLetters() {
      return false;
    }

    @Override
    public String target() {
      return table;
    }
  }

  /**
   * A web service that each decision is posted to, at least once.
   *
   * @param headers sent with each post; may hold {@code secret:} references
   * @param timeout how long one post may take
   * @param retryFor how long one is tried again until its bundle fails
   * @param inFlight how many may be under way
   * @param maxRecordBytes what is larger becomes a dead letter instead of failing the delivery
   */
  record Http(
      String url,
      Map<String, String> headers,
      Duration timeout,
      Duration retryFor,
      int inFlight,
      int maxRecordBytes)
      implements SinkSpec {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration DEFAULT_RETRY_FOR = Duration.ofSeconds(30);
    public static final int DEFAULT_IN_FLIGHT = 16;

    public Http {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    @Override
    public String word() {
      return "http";
    }

    @Override
    public boolean takesDeadLetters() {
      return false;
    }

    @Override
    public Optional<String> server() {
      return Optional.of(url);
    }

    @Override
    public String target() {
      return url.replaceFirst("\\?.*", "");
    }
  }

  /**
   * Redis as a feature store: columns of each key's last event, in a hash.
   *
   * @param url {@code redis://host:port/database}, or {@code rediss:} for TLS
   * @param user null for the default user
   * @param password where the password is to be had; null for none
   * @param key the names of hashes, with columns in braces
   * @param columns what is kept
   * @param expire how long a key is kept that no event comes about; zero for ever
   * @param maxRecordBytes a hash that is larger becomes a dead letter
   */
  record Redis(
      String url,
      @Nullable String user,
      @Nullable String password,
      String key,
      List<String> columns,
      Duration expire,
      int maxRecordBytes)
      implements SinkSpec {
    public Redis {
      columns = List.copyOf(columns);
    }

    @Override
    public String word() {
      return "redis";
    }

    @Override
    public boolean takesDeadLetters() {
      return false;
    }

    @Override
    public String target() {
      return url + " " + key;
    }

    @Override
    public Optional<String> server() {
      return Optional.of(url);
    }
  }
}
