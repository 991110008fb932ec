package dev.millrace.it.registry;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.Decode;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.ReadKafka;
import dev.millrace.transforms.registry.ConfluentRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that goes away while a stream runs on Flink, and a job that fails meanwhile. */
class RegistryOutageIT {

  private static final String TOPIC = "payments";
  private static final String GROUP = "outage";
  private static final Schema FIRST = schema("");
  private static final Schema SECOND =
      schema(",{\"name\":\"shop\",\"type\":\"string\",\"default\":\"\"}");

  private static final Set<String> EVENTS = ConcurrentHashMap.newKeySet();
  private static final Set<String> DEAD_LETTERS = ConcurrentHashMap.newKeySet();
  private static final AtomicBoolean FAIL = new AtomicBoolean();

  private static Schema schema(String more) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"Payment\",\"fields\":["
                + "{\"name\":\"id\",\"type\":\"string\"},"
                + "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}"
                + more
                + "]}");
  }

  static final class NoteEvents extends DoFn<Event, Void> {
    @ProcessElement
    public void process(@Element Event event) {
      if (FAIL.compareAndSet(true, false)) {
        throw new IllegalStateException("as a worker that is lost");
      }
      EVENTS.add(event.id());
    }
  }

  static final class NoteDeadLetters extends DoFn<DeadLetter, Void> {
    @ProcessElement
    public void process(@Element DeadLetter deadLetter) {
      DEAD_LETTERS.add(deadLetter.origin() + " " + deadLetter.message());
    }
  }

  @Test
  void known_schemas_go_on_and_unknown_ones_wait_through_an_outage_and_a_restart(
      @TempDir Path folder) throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder);
        RegistryServer server = RegistryServer.start(folder)) {
      broker.createTopic(TOPIC, 2, Map.of());
      ConfluentRegistry registry = ConfluentRegistry.at(server.url());
      // Registered by another client, so that the pipeline's has not heard of the second.
      ConfluentRegistry other = registry.withPatience(Duration.ofSeconds(9));
      int first = other.register(TOPIC, FIRST);
      int second = other.register(TOPIC, SECOND);
      PipelineResult running = run(broker, registry);
      try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
        send(producer, first, FIRST, "before", 50);
        await("those before the outage", () -> EVENTS.containsAll(ids("before", 50)));
        server.kill();
        send(producer, second, SECOND, "waiting", 50);
        send(producer, first, FIRST, "meanwhile", 50);
        await("known schemas to go on", () -> EVENTS.containsAll(ids("meanwhile", 50)));
        await("a checkpoint with all that waits", () -> committed(broker) == 150);

        FAIL.set(true);
        send(producer, first, FIRST, "restarted", 50);
        await("the job to be restored", () -> EVENTS.containsAll(ids("restarted", 50)));
        assertThat(FAIL).isFalse();
        assertThat(EVENTS).doesNotContainAnyElementsOf(ids("waiting", 50));
        assertThat(running.getState()).isEqualTo(PipelineResult.State.RUNNING);

        server.restart();
        await("those that waited", () -> EVENTS.containsAll(ids("waiting", 50)));
      } finally {
        running.cancel();
      }
      assertThat(EVENTS).hasSize(200);
      assertThat(DEAD_LETTERS).isEmpty();
    }
  }

  private static PipelineResult run(KafkaBroker broker, ConfluentRegistry registry) {
    PipelineOptions options =
        RunnerArguments.of(Runner.FLINK, "--checkpointingInterval=500").demoOptions();
    Pipeline pipeline = Pipeline.create(options);
    Contract contract = Contract.of(SECOND, "id", "at");
    StageResult<Event> decoded =
        pipeline
            .apply("Read", ReadKafka.from(broker.bootstrapServers(), TOPIC).withGroupId(GROUP))
            .apply("Decode", Decode.by(AvroFormat.of(contract).framedBy(registry)));
    decoded.output().apply("Note events", ParDo.of(new NoteEvents()));
    decoded.deadLetters().apply("Note dead letters", ParDo.of(new NoteDeadLetters()));
    return pipeline.run();
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, int id, Schema schema, String name, int count)
      throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GenericRecord record = new GenericData.Record(schema);
      record.put("id", name + i);
      record.put("at", 1_522_584_000_000L);
      if (schema.equals(SECOND)) {
        record.put("shop", "corner");
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(AvroFrame.confluent(id));
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
      sent.add(producer.send(new ProducerRecord<>(TOPIC, i % 2, null, out.toByteArray())));
    }
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  private static Set<String> ids(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + i).collect(toSet());
  }

  /** How far the group is: Flink commits what a checkpoint covers. */
  private static long committed(KafkaBroker broker) {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
      return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
      Thread.sleep(50);
    }
  }
}
