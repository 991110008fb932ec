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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer that gives of each partition one record a poll, with {@link PolledRecords}. */
final class PolledConsumer extends KafkaConsumer<byte[], byte[]> {

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
