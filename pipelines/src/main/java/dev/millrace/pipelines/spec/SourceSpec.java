package dev.millrace.pipelines.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the records of a stream come from. */
public sealed interface SourceSpec {

  /** The word for its transport in a specification. */
  String word();

  /** Whether it has an end, so that a pipeline over it has one. */
  boolean isBounded();

  /** The server that the specification names for it: {@code host:port}, or an address. */
  default Optional<String> server() {
    return asKafka().map(Kafka::bootstrapServers);
  }

  /** As a Kafka topic, where it can be read as one. */
  default Optional<Kafka> asKafka() {
    return Optional.empty();
  }

  /**
   * A Kafka topic.
   *
   * @param bootstrapServers host:port, several separated by commas
   * @param groupId the consumer group, null to leave the choice to the pipeline
   * @param settings passed through to the Kafka consumer; may hold {@code secret:} references
   */
  record Kafka(
      String bootstrapServers, String topic, @Nullable String groupId, Map<String, String> settings)
      implements SourceSpec {
    public Kafka {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    @Override
    public String word() {
      return "kafka";
    }

    @Override
    public boolean isBounded() {
      return false;
    }

    @Override
    public Optional<Kafka> asKafka() {
      return Optional.of(this);
    }
  }

  /**
   * An event hub.
   *
   * @param consumerGroup null to leave the choice to the pipeline
   * @param settings of the Kafka consumer that reads it, over what {@link EventHubs} sets
   */
  record EventHub(
      EventHubs namespace, String hub, @Nullable String consumerGroup, Map<String, String> settings)
      implements SourceSpec {
    public EventHub {
      EventHubs.check(settings);
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    @Override
    public String word() {
      return "eventHubs";
    }

    @Override
    public boolean isBounded() {
      return false;
    }

    @Override
    public Optional<Kafka> asKafka() {
      return Optional.of(
          new Kafka(namespace.endpoint(), hub, consumerGroup, namespace.settings(settings)));
    }
  }

  /**
   * A Pub/Sub subscription; with a topic it is made where it is not there, and with a topic alone
   * it is the pipeline's own.
   *
   * @param path {@code projects/PROJECT/subscriptions/SUBSCRIPTION}; null for the pipeline's own
   * @param topic {@code projects/PROJECT/topics/TOPIC}; null for a subscription that has to be
   *     there
   * @param idAttribute what names a message in each of its publications; null for Pub/Sub's own id
   * @param timestampAttribute where a message's timestamp is; null for that of its publication
   */
  record Pubsub(
      @Nullable String path,
      @Nullable String topic,
      @Nullable String idAttribute,
      @Nullable String timestampAttribute)
      implements SourceSpec {

    /** One of path and topic is there. */
    public Pubsub {
      if (path == null && topic == null) {
        throw new IllegalArgumentException(
            "found neither a subscription nor a topic, expected one");
      }
    }

    /**
     * What is read: {@code projects/PROJECT/subscriptions/millrace-PIPELINE-STREAM}, in the topic's
     * project, where it has no name.
     *
     * @param stream {@code events} or {@code labels}
     */
    public String subscription(String pipeline, String stream) {
      if (path != null) {
        return path;
      }
      String from = Objects.requireNonNull(topic);
      return "%s/subscriptions/millrace-%s-%s"
          .formatted(from.substring(0, from.indexOf("/topics/")), pipeline, stream);
    }

    @Override
    public String word() {
      return "pubsub";
    }

    @Override
    public boolean isBounded() {
      return false;
    }
  }

  /**
   * A Kinesis stream.
   *
   * @param from where reading begins
   * @param consumer the ARN of a consumer that is given records as they come; null to ask for them
   * @param poll how long from one request for a shard's records to the next
   */
  record Kinesis(
      AwsAccess access, String stream, Start from, @Nullable String consumer, Duration poll)
      implements SourceSpec {

    /** Where reading begins that no checkpoint goes before. */
    public enum Start {
      /** At the oldest record that the stream keeps. */
      EARLIEST,
      /** With what is put after the launch. */
      NOW
    }

    @Override
    public Optional<String> server() {
      return Optional.ofNullable(access.endpoint());
    }

    @Override
    public String word() {
      return "kinesis";
    }

    @Override
    public boolean isBounded() {
      return false;
    }
  }

  /**
   * Files, each read once from beginning to end.
   *
   * @param path one file or a glob; {@code .gz} is unpacked
   * @param watch how often files are looked for that come later; null for those that there are, so
   *     that the stream is bounded
   */
  record Files(String path, @Nullable Duration watch) implements SourceSpec {

    /** Those that there are. */
    public Files(String path) {
      this(path, null);
    }

    @Override
    public String word() {
      return "files";
    }

    @Override
    public boolean isBounded() {
      return watch == null;
    }
  }
}
