package dev.millrace.transforms.ingest;

import dev.millrace.transforms.transport.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer that gives of each partition one record a poll, with {@link PolledRecords}. */
final class PolledConsumer extends KafkaConsumer<byte[], byte[]> {

  private static final Logger LOG = LoggerFactory.getLogger(PolledConsumer.class);

  private PolledConsumer(Map<String, Object> settings) {
    super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Makes them on the worker, for KafkaIO. */
  static SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> factory() {
    return new Factory();
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    return lastOfEach(super.poll(timeout));
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // it is KafkaIO that calls it
  public ConsumerRecords<byte[], byte[]> poll(long timeoutMillis) {
    return poll(Duration.ofMillis(timeoutMillis));
  }

  /**
   * KafkaIO tells the broker where it is after each checkpoint, for those who look, and goes on
   * from the checkpoint all the same: so it does not keep the next records waiting for an answer.
   */
  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    commitAsync(
        offsets,
        (committed, failure) -> {
          if (failure != null) {
            LOG.warn(
                "offsets not committed, they are with the next checkpoint: {}", committed, failure);
          }
        });
  }

  static ConsumerRecords<byte[], byte[]> lastOfEach(ConsumerRecords<byte[], byte[]> polled) {
    long now = System.currentTimeMillis();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> last = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      last.put(partition, List.of(PolledRecords.behindTheLast(polled.records(partition), now)));
    }
    return new ConsumerRecords<>(last);
  }

  // Named, so that what is written of a running reader stays readable by a later version.
  private static final class Factory
      implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {

    private static final long serialVersionUID = 1L;

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> settings) {
      return KafkaClients.consumer(settings, PolledConsumer::new);
    }
  }
}
