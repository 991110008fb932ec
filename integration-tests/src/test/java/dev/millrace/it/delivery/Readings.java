package dev.millrace.it.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * All that a reader finds in a topic, the values of each key in their order: the judge of what was
 * delivered, which knows nothing of how.
 */
final class Readings implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, List<String>> valuesOfKey = new LinkedHashMap<>();
  private final Map<String, Long> arrivals = new HashMap<>();
  private final Map<String, Integer> times = new HashMap<>();

  /**
   * @param isolation read_committed or read_uncommitted
   */
  Readings(String bootstrapServers, String topic, String isolation) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads until there are so many different values, or nothing came for {@code idle}. */
  Readings until(int values, Duration idle) {
    long last = System.nanoTime();
    while (times.size() < values && System.nanoTime() - last < idle.toNanos()) {
      if (read()) {
        last = System.nanoTime();
      }
    }
    return this;
  }

  /** Reads what comes within {@code idle} of the one before. */
  Readings untilIdle(Duration idle) {
    return until(Integer.MAX_VALUE, idle);
  }

  private boolean read() {
    boolean any = false;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
      String value = new String(record.value(), UTF_8);
      valuesOfKey
          .computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
          .add(value);
      times.merge(value, 1, Integer::sum);
      arrivals.putIfAbsent(value, System.nanoTime());
      any = true;
    }
    return any;
  }

  Map<String, List<String>> valuesOfKey() {
    return valuesOfKey;
  }

  /** How often each value is there. */
  Map<String, Integer> times() {
    return times;
  }

  /** When each value was first read, by {@link System#nanoTime}. */
  Map<String, Long> arrivals() {
    return arrivals;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
