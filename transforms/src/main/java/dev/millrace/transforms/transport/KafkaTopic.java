package dev.millrace.transforms.transport;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A topic to write to.
 *
 * @param bootstrapServers {@code host:port}, more separated by commas
 * @param topic its name
 * @param settings the producer's own settings, passed through; their passwords are references, see
 *     {@link SecretSettings}
 * @param sinkId null for writing at least once, else what names the sink from run to run
 */
public record KafkaTopic(
    String bootstrapServers, String topic, Map<String, String> settings, @Nullable String sinkId)
    implements Destination {

  /** What a record may be where nothing else is known: Kafka's own default for a producer. */
  private static final int LARGEST_REQUEST = 1 << 20;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming one that {@link SafeSettings} refuses, or that takes
   *     from writing exactly once what it rests on
   */
  public KafkaTopic {
    settings = SafeSettings.of(settings);
    if (sinkId != null) {
      expect(settings, ProducerConfig.ACKS_CONFIG, List.of("all", "-1"));
      expect(settings, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, List.of("true"));
    }
  }

  /** Written to at least once. */
  public KafkaTopic(String bootstrapServers, String topic, Map<String, String> settings) {
    this(bootstrapServers, topic, settings, null);
  }

  /**
   * Written to exactly once, as far as readers of committed records go. The id must be this sink's
   * alone, and the same in every run that goes on from a checkpoint: the producers' transactional
   * ids and the consumer group that keeps their progress are made of it.
   */
  public KafkaTopic exactlyOnceAs(String id) {
    return new KafkaTopic(bootstrapServers, topic, settings, id);
  }

  private static void expect(Map<String, String> settings, String name, List<String> values) {
    String found = settings.get(name);
    if (found != null && !values.contains(found)) {
      throw SafeSettings.refused(
          name,
          "found '%s' in a sink that writes exactly once, expected %s"
              .formatted(found, String.join(" or ", values)));
    }
  }

  /**
   * Looks, at launch, whether the topic is there.
   *
   * @throws IllegalArgumentException when the broker cannot be reached, or has no such topic
   */
  public void check() {
    partitions();
  }

  /**
   * Asks, at launch, how large a record may be, as {@link RecordSize} counts: what the topic takes,
   * or the producer where that is less.
   *
   * @throws IllegalArgumentException when the broker cannot be reached
   */
  public int largestRecord() {
    int sent = number(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
    int buffered = number(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.MAX_VALUE);
    int taken = TopicPartitions.largestMessage(bootstrapServers, topic, settings);
    return Math.min(taken, Math.min(sent, buffered));
  }

  private int number(String setting, int otherwise) {
    String given = settings.get(setting);
    try {
      return given == null ? otherwise : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(given));
    } catch (NumberFormatException e) {
      throw SafeSettings.refused(setting, "found no number of bytes, expected one");
    }
  }

  /**
   * Writes keys and values as they are.
   *
   * <p>At least once: what was written is acknowledged before a bundle ends, and a bundle that is
   * tried again writes again. Values must therefore carry an id. Exactly once: what is written is
   * buffered until the runner has made it durable (on Flink, until a checkpoint is complete), and
   * then written in transactions; the records of a key stay in order. Both fail the bundle when the
   * broker does not take a record within {@code delivery.timeout.ms}.
   */
  @Override
  public PTransform<PCollection<KV<byte[], byte[]>>, PDone> write() {
    if (sinkId == null) {
      return new WriteInBundles(this);
    }
    String id = sinkId;
    KafkaTopic topic = this;
    return new WriteExactlyOnce(
        id, partitions().size(), shard -> new KafkaShardTransactions(topic, id, shard));
  }

  @Override
  public String transport() {
    return "Kafka";
  }

  @Override
  public boolean isWrittenInBundles() {
    return sinkId == null;
  }

  @Override
  public long sizeOf(OutgoingRecord record) {
    return RecordSize.of(record.key(), record.value());
  }

  @Override
  public RecordSender sender() {
    return new KafkaSender(this, KafkaClients.producer(producerSettings()));
  }

  /** All partitions; there is one at least. */
  private List<TopicPartition> partitions() {
    int millis = TopicPartitions.LAUNCH_TIMEOUT_MILLIS;
    List<TopicPartition> found = TopicPartitions.of(bootstrapServers, topic, settings, millis);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "Kafka topic '%s' has no partitions, expected some".formatted(topic));
    }
    return found;
  }

  /** A producer's, with the secrets as references. Kafka waits for all replicas by default. */
  Map<String, Object> producerSettings() {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return all;
  }
}
