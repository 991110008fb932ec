package dev.millrace.it.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.services.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerIT {
  private static KafkaBroker kafka;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    kafka = KafkaBroker.start(folder);
  }

  @AfterAll
  static void stop() {
    kafka.stop();
    assertThat(kafka.isAlive()).isFalse();
  }

  @Test
  void an_acknowledged_record_is_read_back() throws Exception {
    kafka.createTopic("read-back", 2, Map.of());
    send("read-back", "one");
    assertThat(readAll("read-back", 1)).containsExactly("one");
  }

  @Test
  void a_killed_broker_comes_back_on_its_port_with_its_data() throws Exception {
    kafka.createTopic("killed", 1, Map.of());
    send("killed", "before");
    String address = kafka.bootstrapServers();
    long firstPid = kafka.pid();
    kafka.kill();
    assertThat(kafka.isAlive()).isFalse();

    kafka.restart();

    assertThat(kafka.bootstrapServers()).isEqualTo(address);
    assertThat(kafka.pid()).isNotEqualTo(firstPid);
    send("killed", "after");
    assertThat(readAll("killed", 2)).containsExactly("before", "after");
  }

  @Test
  void a_broker_started_in_the_folder_of_an_earlier_one_continues_its_data(@TempDir Path folder)
      throws Exception {
    try (KafkaBroker first = KafkaBroker.start(folder)) {
      first.createTopic("kept", 1, Map.of());
    }
    try (KafkaBroker second = KafkaBroker.start(folder)) {
      assertThatThrownBy(() -> second.createTopic("kept", 1, Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("kept")
          .hasMessageContaining("already exists");
    }
  }

  @Test
  void only_the_loopback_interface_listens_and_topics_are_not_made_by_asking() throws Exception {
    assertThat(kafka.bootstrapServers()).startsWith("127.0.0.1:");
    assertThatThrownBy(() -> send("nobody-made-this", "x")).hasMessageContaining("not present");
  }

  private static void send(String topic, String value) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "max.block.ms", 3000);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "key", value)).get();
    }
  }

  private static List<String> readAll(String topic, int expected) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "group.id",
            "readers-of-" + topic,
            "auto.offset.reset",
            "earliest");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < expected && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
