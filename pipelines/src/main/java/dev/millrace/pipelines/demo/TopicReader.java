package dev.millrace.pipelines.demo;

import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pipeline's topics into a ledger while they are written, by Avro's own generic reader: the
 * pipeline's decoder has no part in judging the pipeline.
 */
final class TopicReader implements AutoCloseable {

  private final Topics topics;
  private final Ledger ledger;
  private final ConfluentRegistry registry;
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;

  private TopicReader(
      String bootstrapServers, Topics topics, ConfluentRegistry registry, Ledger ledger) {
    this.topics = topics;
    this.ledger = ledger;
    this.registry = registry;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.thread = new Thread(this::read, "ledger");
  }

  /** Starts at the beginning of the topics, which must exist. */
  static TopicReader start(
      String bootstrapServers, Topics topics, ConfluentRegistry registry, Ledger ledger) {
    TopicReader reader = new TopicReader(bootstrapServers, topics, registry, ledger);
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(topics.transactions(), topics.decisions(), topics.deadLetters())) {
      reader
          .consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    reader.consumer.assign(partitions);
    reader.consumer.seekToBeginning(partitions);
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  private void read() {
    try (consumer) {
      while (true) {
        consumer.poll(Duration.ofMillis(100)).forEach(this::record);
      }
    } catch (WakeupException closed) {
      // close() asked for the end
    }
  }

  private void record(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (record.topic().equals(topics.transactions())) {
      Origin origin = new Origin("kafka", record.topic(), record.partition(), record.offset());
      GenericRecord payment = decode(value);
      String id = payment == null ? null : payment.get("transaction_id").toString();
      ledger.input(origin, id, record.timestamp());
    } else if (record.topic().equals(topics.decisions())) {
      GenericRecord decision = decode(value);
      if (decision == null) {
        throw new IllegalStateException("found a decision that cannot be read at " + record);
      }
      ledger.decision(
          decision.get("event_id").toString(),
          decision.get("decision").toString(),
          decision.get("model_version").toString(),
          record.timestamp());
    } else {
      try {
        ledger.deadLetter(DeadLetterAvro.read(value, AvroFrame.CONFLUENT_LENGTH));
      } catch (IOException e) {
        throw new UncheckedIOException("found a dead letter that cannot be read", e);
      }
    }
  }

  /** The record of a framed payload; null when it has no frame, no schema, or is damaged. */
  private @Nullable GenericRecord decode(byte @Nullable [] value) {
    if (value == null || value.length < AvroFrame.CONFLUENT_LENGTH || value[0] != AvroFrame.MAGIC) {
      return null;
    }
    Schema schema = schema(ByteBuffer.wrap(value, 1, Integer.BYTES).getInt());
    if (schema == null) {
      return null;
    }
    int length = value.length - AvroFrame.CONFLUENT_LENGTH;
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(value, AvroFrame.CONFLUENT_LENGTH, length, null);
    try {
      GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
      return decoder.isEnd() ? record : null;
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException damaged) {
      return null;
    }
  }

  private @Nullable Schema schema(int id) {
    if (!schemas.containsKey(id)) {
      registry
          .find(SchemaId.of(id))
          .ifPresent(stored -> schemas.put(id, new Schema.Parser().parse(stored.text())));
    }
    return schemas.get(id);
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
