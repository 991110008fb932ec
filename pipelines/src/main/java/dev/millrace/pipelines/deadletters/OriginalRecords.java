package dev.millrace.pipelines.deadletters;

import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.transport.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** The records of a topic by their origins, as long as it keeps them. */
final class OriginalRecords implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final Consumer<byte[], byte[]> consumer;

  OriginalRecords(SourceSpec.Kafka topic) {
    this.topic = topic.topic();
    Map<String, Object> settings = new HashMap<>(topic.settings());
    settings.put("bootstrap.servers", topic.bootstrapServers());
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "none");
    settings.put("max.poll.records", "1");
    this.consumer = KafkaClients.consumer(settings);
  }

  /**
   * The record; empty when the topic has it no longer.
   *
   * @throws IllegalStateException when the broker does not answer
   */
  Optional<ConsumerRecord<byte[], byte[]>> find(Origin origin) {
    TopicPartition partition = new TopicPartition(topic, origin.partition());
    consumer.assign(List.of(partition));
    consumer.seek(partition, origin.position());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          // A later one, where this one was compacted.
          return Optional.of(record).filter(found -> found.offset() == origin.position());
        }
      }
    } catch (OffsetOutOfRangeException e) {
      return Optional.empty();
    }
    throw new IllegalStateException(
        "topic '%s': found no answer in %d s for the record at %s, expected it or a later one"
            .formatted(topic, PATIENCE.toSeconds(), origin));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
