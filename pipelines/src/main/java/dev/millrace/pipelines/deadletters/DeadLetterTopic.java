package dev.millrace.pipelines.deadletters;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.transport.KafkaClients;
import dev.millrace.transforms.transport.TopicPartitions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The dead letters of a topic, oldest first in each partition. Nothing is committed: whoever reads
 * again reads them all again.
 *
 * @param topic where a pipeline writes them
 */
public record DeadLetterTopic(SinkSpec.Kafka topic) implements DeadLetters {

  private static final Duration POLL = Duration.ofMillis(200);

  @Override
  public void read(java.util.function.Consumer<DeadLetter> reader) throws IOException {
    List<TopicPartition> partitions =
        TopicPartitions.of(
            topic.bootstrapServers(),
            topic.topic(),
            topic.settings(),
            TopicPartitions.LAUNCH_TIMEOUT_MILLIS);
    try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(settings())) {
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          if (record.offset() < ends.getOrDefault(partition, 0L)) {
            reader.accept(letter(record));
          }
        }
      }
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(topic.settings());
    settings.put("bootstrap.servers", topic.bootstrapServers());
    settings.put("enable.auto.commit", "false");
    settings.put("isolation.level", "read_committed");
    return settings;
  }

  private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) throws IOException {
    byte[] value = record.value();
    try {
      return DeadLetterAvro.read(value, AvroFrame.lengthOf(value));
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "kafka:%s/%d@%d: found what is no dead letter (%s)"
              .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()),
          e);
    }
  }
}
