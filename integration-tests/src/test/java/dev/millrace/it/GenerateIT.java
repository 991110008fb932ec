package dev.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.Millrace;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payments into the topics of the shipped pipeline, on a real broker and with a real registry. */
class GenerateIT {

  private static final String SPEC =
      Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud/card-fraud.yaml")
          .toString();

  private static KafkaBroker kafka;
  private static RegistryServer registry;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    kafka = KafkaBroker.start(folder);
    registry = RegistryServer.start(folder);
    kafka.createTopic("card.transactions", 2, Map.of());
    kafka.createTopic("card.labels", 1, Map.of());
  }

  @AfterAll
  static void stop() {
    registry.close();
    kafka.close();
  }

  private int generate(String topic) {
    return Millrace.run(
        new PrintWriter(out, true),
        new PrintWriter(errors, true),
        "generate",
        SPEC,
        "--set=events.from.kafka.bootstrapServers=" + kafka.bootstrapServers(),
        "--set=labels.from.kafka.bootstrapServers=" + kafka.bootstrapServers(),
        "--set=events.format.avro.registry=" + registry.url(),
        "--set=labels.format.avro.registry=" + registry.url(),
        "--set=events.from.kafka.topic=" + topic,
        "--events=1000",
        "--customers=100",
        "--malformed=0.02");
  }

  @Test
  void payments_and_reports_are_on_their_topics_under_registered_schemas() {
    assertThat(generate("card.transactions")).as(errors.toString()).isZero();
    List<byte[]> payments = values("card.transactions");
    List<byte[]> reports = values("card.labels");
    assertThat(reports).hasSize(1000);
    int malformed = payments.size() - 1000;
    assertThat(malformed).isBetween(5, 50);
    assertThat(out.toString())
        .contains("1,000 payments, ")
        .contains("besides 0 duplicates, %d malformed".formatted(malformed));
    int id = ByteBuffer.wrap(reports.get(0)).getInt(1);
    assertThat(ConfluentRegistry.at(registry.url()).find(SchemaId.of(id)))
        .hasValueSatisfying(schema -> assertThat(schema.text()).contains("FraudReport"));
  }

  @Test
  void a_topic_that_is_missing_is_named_with_its_broker() {
    assertThat(generate("card.missing")).isEqualTo(1);
    assertThat(errors.toString())
        .contains("card.missing")
        .contains(kafka.bootstrapServers())
        .doesNotContain("\tat ");
  }

  private static List<byte[]> values(String topic) {
    List<byte[]> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long all = consumer.endOffsets(partitions).values().stream().mapToLong(end -> end).sum();
      while (values.size() < all) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
