package dev.millrace.transforms.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A shard's transactions on a broker. The progress is the committed offset, and what stands beside
 * it, of a consumer group that has no consumers: the sink's id is its name, and the shard stands
 * for the partition.
 */
final class KafkaShardTransactions implements ShardTransactions {

  private final KafkaTopic topic;
  private final TopicPartition place;
  private final String sinkId;
  private @Nullable Producer<byte[], byte[]> producer;

  KafkaShardTransactions(KafkaTopic topic, String sinkId, int shard) {
    this.topic = topic;
    this.sinkId = sinkId;
    this.place = new TopicPartition(topic.topic(), shard);
  }

  @Override
  public @Nullable Progress recover() throws IOException {
    Map<String, Object> settings = topic.producerSettings();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, sinkId + "-" + place.partition());
    try {
      producer = KafkaClients.producer(settings);
      producer.initTransactions();
      // In this order: only after the fence does nobody commit any more.
      return committed();
    } catch (KafkaException e) {
      throw RefusedRecord.by(topic, e);
    }
  }

  private @Nullable Progress committed() {
    Map<String, Object> settings = new HashMap<>(topic.settings());
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, topic.bootstrapServers());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, sinkId);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // So that the broker waits for offsets of a transaction that is being ended.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    Consumer<byte[], byte[]> consumer = KafkaClients.consumer(settings);
    try {
      OffsetAndMetadata found = consumer.committed(Set.of(place)).get(place);
      return found == null ? null : Progress.of(found.offset(), found.metadata());
    } finally {
      consumer.close(Duration.ZERO);
    }
  }

  @Override
  public void begin() throws IOException {
    try {
      open().beginTransaction();
    } catch (KafkaException e) {
      throw RefusedRecord.by(topic, e);
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // a failed record fails the commit
  public void send(byte[] key, byte[] value) throws IOException {
    try {
      open().send(new ProducerRecord<>(topic.topic(), key, value));
    } catch (KafkaException e) {
      throw RefusedRecord.by(topic, e);
    }
  }

  @Override
  public void commit(Progress progress) throws IOException {
    try {
      open()
          .sendOffsetsToTransaction(
              Map.of(place, new OffsetAndMetadata(progress.count(), progress.metadata())),
              new ConsumerGroupMetadata(sinkId));
      open().commitTransaction();
    } catch (KafkaException e) {
      throw RefusedRecord.by(topic, e);
    }
  }

  private Producer<byte[], byte[]> open() {
    if (producer == null) {
      throw new IllegalStateException("found transactions that were not recovered, expected that");
    }
    return producer;
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
  }
}
