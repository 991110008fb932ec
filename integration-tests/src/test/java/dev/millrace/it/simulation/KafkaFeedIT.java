package dev.millrace.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.simulation.CardContracts;
import dev.millrace.pipelines.simulation.CardSimulation;
import dev.millrace.pipelines.simulation.Deliveries;
import dev.millrace.pipelines.simulation.Delivery;
import dev.millrace.pipelines.simulation.Disturbances;
import dev.millrace.pipelines.simulation.FraudReport;
import dev.millrace.pipelines.simulation.KafkaFeed;
import dev.millrace.pipelines.simulation.PaymentEncoding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaFeedIT {
  private static final CardSimulation SIMULATION =
      CardSimulation.of(1).withCustomers(500).withTerminals(1_000);
  private static final Disturbances ALL =
      Disturbances.none()
          .withDuplicates(0.03)
          .withOutOfOrder(0.05)
          .withLate(0.01)
          .withMalformed(0.02)
          .withUnknownSchemaIds(0.01);

  private static KafkaBroker kafka;
  private static PaymentEncoding encoding;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Path contracts = Path.of(System.getProperty("millrace.root"), "pipelines", "card-fraud");
    encoding = PaymentEncoding.of(CardContracts.read(contracts)).framedWith(1, 2);
    kafka = KafkaBroker.start(folder);
  }

  @AfterAll
  static void stop() {
    kafka.stop();
  }

  @Test
  void what_was_sent_is_on_the_topics_byte_for_byte_in_each_customers_order() throws IOException {
    kafka.createTopic("payments", 4, Map.of());
    kafka.createTopic("labels", 2, Map.of());
    CardSimulation simulation = SIMULATION.withPayments(20_000);
    Deliveries deliveries = simulation.deliveries(ALL);
    KafkaFeed.Progress sent = feed("payments").withReports("labels").send(deliveries);

    assertThat(sent.payments()).isEqualTo(deliveries.truth().sentAsPayments());
    assertThat(sent.reports()).isEqualTo(20_000);
    Map<String, List<String>> payments = new HashMap<>();
    Map<String, List<String>> labels = new HashMap<>();
    for (var again = simulation.deliveries(ALL); again.hasNext(); ) {
      Delivery delivery = again.next();
      (delivery.event() instanceof FraudReport ? labels : payments)
          .computeIfAbsent(delivery.event().customerId(), customer -> new ArrayList<>())
          .add(Base64.getEncoder().encodeToString(encoding.encode(delivery)));
    }
    assertThat(byCustomer("payments")).isEqualTo(payments);
    assertThat(byCustomer("labels")).isEqualTo(labels);
  }

  @Test
  void a_paced_feed_keeps_its_rate() throws IOException {
    kafka.createTopic("paced", 1, Map.of());
    Deliveries deliveries = SIMULATION.withPayments(2_001).deliveries(Disturbances.none());
    KafkaFeed.Progress sent = feed("paced").withRate(1_000).send(deliveries);
    assertThat(sent.elapsed()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void a_missing_topic_is_an_error_that_names_topic_and_broker() {
    Deliveries deliveries = SIMULATION.withPayments(10).deliveries(Disturbances.none());
    KafkaFeed impatient = feed("missing").withOverrides(Map.of("max.block.ms", 2_000));
    assertThatThrownBy(() -> impatient.send(deliveries))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining(kafka.bootstrapServers());
  }

  private static KafkaFeed feed(String topic) {
    return KafkaFeed.to(kafka.bootstrapServers(), topic, encoding);
  }

  private static Map<String, List<String>> byCustomer(String topic) {
    Map<String, List<String>> values = new HashMap<>();
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long left = consumer.endOffsets(partitions).values().stream().mapToLong(end -> end).sum();
      while (left > 0) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          values
              .computeIfAbsent(record.key(), customer -> new ArrayList<>())
              .add(Base64.getEncoder().encodeToString(record.value()));
          left--;
        }
      }
    }
    return values;
  }
}
