package dev.millrace.pipelines.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where decisions or dead letters go. */
public sealed interface SinkSpec {

  /** What messages and steps call it: {@code kafka card.decisions}. */
  String name();

  /** Whether it keeps the records of one key in order. */
  default boolean isOrdered() {
    return asKafka().isPresent();
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
    public String name() {
      return "kafka " + topic;
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
    public String name() {
      return "eventHubs " + hub;
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
    public String name() {
      return "pubsub " + path;
    }

    @Override
    public boolean isOrdered() {
      return true;
    }
  }

  /** Files whose names begin with a path. */
  record Files(String path) implements SinkSpec {
    @Override
    public String name() {
      return "files " + path;
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
    public String name() {
      return "http " + url.replaceFirst("\\?.*", "");
    }
  }
}
