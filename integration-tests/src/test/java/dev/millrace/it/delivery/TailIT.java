package dev.millrace.it.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.Millrace;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Decisions of a pipeline on Flink, some of them written twice as after a failure, and who reads.
 */
class TailIT {

  private final StringWriter printed = new StringWriter();
  private final StringWriter told = new StringWriter();

  @Test
  void decision_that_was_written_twice_is_printed_once_when_asked(@TempDir Path folder)
      throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder)) {
      broker.createTopic("payments", 1, Map.of());
      broker.createTopic("decisions", 1, Map.of());
      String spec = write(folder, broker).toString();
      decide(broker, spec, 20);
      repeat(broker, 5);

      assertThat(millrace("tail", spec, "--from=earliest", "--until-idle=2s")).isZero();
      assertThat(printed.toString().lines()).hasSize(25);
      assertThat(told.toString()).isEqualToIgnoringNewLines("25 decisions, 5 repeats among them");

      assertThat(millrace("tail", spec, "--deduplicate", "--from=earliest", "--until-idle=2s"))
          .isZero();
      assertThat(printed.toString().lines())
          .hasSize(20)
          .first()
          .isEqualTo("2018-04-01T12:00:00Z  id0  decision=APPROVE");
      assertThat(told.toString()).isEqualToIgnoringNewLines("20 decisions, 5 repeats dropped");

      assertThat(millrace("tail", spec, "--from=earliest", "--max=1", "--output=json")).isZero();
      assertThat(printed.toString())
          .startsWith("{\"event_id\": \"id0\"")
          .contains("\"amount\": 0.0")
          .contains("\"decision\": \"APPROVE\"");
    }
  }

  private int millrace(String... arguments) {
    printed.getBuffer().setLength(0);
    told.getBuffer().setLength(0);
    return Millrace.run(new PrintWriter(printed), new PrintWriter(told), arguments);
  }

  private static Path write(Path folder, KafkaBroker broker) throws Exception {
    Files.writeString(
        folder.resolve("payment.json"),
        """
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
         "properties": {
           "id": {"type": "string"},
           "at": {"type": "string", "format": "date-time"},
           "amount": {"type": "number"}},
         "required": ["id", "at", "amount"]}
        """);
    return Files.writeString(
        folder.resolve("payments.yaml"),
        """
        pipeline: payments
        events:
          from: { kafka: { bootstrapServers: "%s", topic: payments } }
          format: { json: { contract: payment.json } }
          id: id
          eventTime: at
        decide:
          field: decision
          rules: [ { when: "amount >= 10.0", then: REVIEW } ]
          otherwise: APPROVE
        to: { kafka: { topic: decisions } }
        """
            .formatted(broker.bootstrapServers()));
  }

  private static void decide(KafkaBroker broker, String spec, int payments) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
      for (int i = 0; i < payments; i++) {
        String payment =
            "{\"id\": \"id%d\", \"at\": \"2018-04-01T12:00:00Z\", \"amount\": %d}".formatted(i, i);
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>("payments", payment.getBytes(UTF_8)));
      }
    }
    Pipeline pipeline = Pipeline.create(RunnerArguments.of(Runner.FLINK).demoOptions());
    PipelinePlan plan =
        PipelinePlan.of(
            PipelineSpecReader.read(
                Path.of(spec), Overrides.parse(List.of()), name -> System.getenv(name)));
    new Assembly(pipeline, plan).decisions();
    PipelineResult running = pipeline.run();
    try {
      assertThat(decisions(broker, payments)).hasSize(payments);
    } finally {
      running.cancel();
    }
  }

  private static void repeat(KafkaBroker broker, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = decisions(broker, count);
    try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
      for (ConsumerRecord<byte[], byte[]> each : records.subList(0, count)) {
        Future<RecordMetadata> unused =
            producer.send(new ProducerRecord<>("decisions", each.key(), each.value()));
      }
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> decisions(KafkaBroker broker, int count) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition("decisions", 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (found.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found;
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
