package dev.millrace.benchmark.cards;

import dev.millrace.pipelines.services.KafkaBroker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Topics of the benchmark. Decisions have one partition, stamped by the broker, so that an offset
 * is a count and has a time. Not thread-safe.
 */
final class Topics implements AutoCloseable {

  private static final long SAY_EVERY = 500_000;

  private final KafkaBroker broker;
  private final KafkaConsumer<byte[], byte[]> consumer;

  private Topics(KafkaBroker broker) {
    this.broker = broker;
    this.consumer = consumer();
  }

  static Topics of(KafkaBroker broker) {
    return new Topics(broker);
  }

  void create(String topic, int partitions) throws IOException {
    broker.createTopic(topic, partitions, Map.of("message.timestamp.type", "LogAppendTime"));
  }

  /** Makes a topic of the first {@code records} of a workload. */
  void fill(String topic, Workload workload, long records, LongConsumer progress)
      throws IOException {
    create(topic, Workload.PARTITIONS);
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("linger.ms", "20", "batch.size", "262144"))) {
      for (long i = 0; i < records; i++) {
        var unused = producer.send(record(topic, workload, i));
        if ((i + 1) % SAY_EVERY == 0) {
          progress.accept(i + 1);
        }
      }
    }
  }

  static ProducerRecord<byte[], byte[]> record(String topic, Workload workload, long number) {
    return new ProducerRecord<>(topic, workload.partition(number), null, workload.value(number));
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", broker.bootstrapServers());
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  void delete(String topic) throws IOException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.deleteTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IOException("topic %s: cannot be deleted".formatted(topic), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while deleting topic " + topic);
    }
  }

  /** How many decisions there are. */
  long count(String output) {
    TopicPartition only = new TopicPartition(output, 0);
    return consumer.endOffsets(List.of(only)).getOrDefault(only, 0L);
  }

  /** When the decision of this number was written, in milliseconds since 1970. */
  long writtenAt(String output, long number) {
    TopicPartition only = new TopicPartition(output, 0);
    consumer.assign(List.of(only));
    consumer.seek(only, number);
    while (true) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
        return record.timestamp();
      }
    }
  }

  /** All decisions there are: key and value. */
  void read(String output, BiConsumer<byte[], byte[]> each) {
    TopicPartition only = new TopicPartition(output, 0);
    long end = count(output);
    consumer.assign(List.of(only));
    consumer.seekToBeginning(List.of(only));
    while (consumer.position(only) < end) {
      consumer.poll(Duration.ofSeconds(1)).forEach(r -> each.accept(r.key(), r.value()));
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
