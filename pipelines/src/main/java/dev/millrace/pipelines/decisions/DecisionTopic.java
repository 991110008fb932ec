package dev.millrace.pipelines.decisions;

import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.transport.KafkaClients;
import dev.millrace.transforms.transport.TopicPartitions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The decisions of a pipeline's topic as they come, each partition in its order. Of a sink that
 * writes exactly once only what is committed is read. Nothing is committed by reading.
 */
public final class DecisionTopic {

  private static final Duration POLL = Duration.ofMillis(100);

  private final SinkSpec.Kafka topic;
  private final DecisionSchemas schemas;

  /** Takes each decision, until it has enough. */
  public interface Reader {
    /**
     * Takes one, and says whether to go on.
     *
     * @param millis the record's timestamp
     */
    boolean read(GenericRecord decision, long millis);
  }

  private DecisionTopic(SinkSpec.Kafka topic, DecisionSchemas schemas) {
    this.topic = topic;
    this.schemas = schemas;
  }

  /**
   * That of a plan.
   *
   * @throws SpecException when its decisions do not go to Kafka
   */
  public static DecisionTopic of(PipelinePlan plan) {
    SinkSpec.Kafka topic =
        plan.spec()
            .decisionTopic()
            .orElseThrow(
                () ->
                    new SpecException(
                        plan.spec().place("to"),
                        "found decisions that go to no topic, expected a Kafka topic"));
    return new DecisionTopic(topic, new DecisionSchemas(plan));
  }

  /**
   * Reads until the reader has enough, nothing came for {@code idle}, or the thread is interrupted.
   *
   * @param fromEarliest whether to begin with the oldest, and not with those that come from now on
   * @throws IllegalArgumentException when the broker cannot be reached, or has no such topic
   * @throws IOException naming the place of a record that is no decision
   */
  public void read(boolean fromEarliest, Duration idle, Reader reader) throws IOException {
    List<TopicPartition> partitions =
        TopicPartitions.of(
            topic.bootstrapServers(),
            topic.topic(),
            topic.settings(),
            TopicPartitions.LAUNCH_TIMEOUT_MILLIS);
    try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(settings())) {
      consumer.assign(partitions);
      if (fromEarliest) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
      }
      long last = System.nanoTime();
      while (System.nanoTime() - last < idle.toNanos() && !Thread.currentThread().isInterrupted()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          last = System.nanoTime();
          if (!reader.read(decision(record), record.timestamp())) {
            return;
          }
        }
      }
    } catch (InterruptException stopped) {
      // what was asked for
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(topic.settings());
    settings.put("bootstrap.servers", topic.bootstrapServers());
    settings.put("enable.auto.commit", "false");
    settings.put(
        "isolation.level",
        topic.delivery() == SinkSpec.Delivery.EXACTLY_ONCE ? "read_committed" : "read_uncommitted");
    return settings;
  }

  private GenericRecord decision(ConsumerRecord<byte[], byte[]> record) throws IOException {
    try {
      byte[] value = record.value();
      if (value == null) {
        throw new IOException("found no value");
      }
      return schemas.read(value);
    } catch (IOException e) {
      throw new IOException(
          "kafka:%s/%d@%d: found what is no decision of this pipeline (%s)"
              .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()),
          e);
    }
  }
}
