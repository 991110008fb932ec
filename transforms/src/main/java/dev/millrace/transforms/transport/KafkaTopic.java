package dev.millrace.transforms.transport;

import java.io.Serializable;
import java.util.Map;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic to write to.
 *
 * @param bootstrapServers {@code host:port}, more separated by commas
 * @param topic its name
 * @param settings the producer's own settings, passed through
 */
public record KafkaTopic(String bootstrapServers, String topic, Map<String, String> settings)
    implements Serializable {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming one that {@link SafeSettings} refuses
   */
  public KafkaTopic {
    settings = SafeSettings.of(settings);
  }

  /**
   * Looks, at launch, whether the topic is there.
   *
   * @throws IllegalArgumentException when the broker cannot be reached, or has no such topic
   */
  public void check() {
    int millis = TopicPartitions.LAUNCH_TIMEOUT_MILLIS;
    if (TopicPartitions.of(bootstrapServers, topic, settings, millis).isEmpty()) {
      throw new IllegalArgumentException(
          "Kafka topic '%s' has no partitions, expected some".formatted(topic));
    }
  }

  /**
   * Writes keys and values as they are, at least once: what was written is flushed before a bundle
   * ends, and a bundle that is tried again writes again. Values must therefore carry an id.
   */
  public PTransform<PCollection<KV<byte[], byte[]>>, PDone> write() {
    return KafkaIO.<byte[], byte[]>write()
        .withBootstrapServers(bootstrapServers)
        .withTopic(topic)
        .withKeySerializer(ByteArraySerializer.class)
        .withValueSerializer(ByteArraySerializer.class)
        .withProducerConfigUpdates(Map.<String, Object>copyOf(settings));
  }
}
