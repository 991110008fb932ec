package dev.millrace.transforms.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class KafkaTopicTest {

  @Test
  void producer_waits_for_all_replicas_and_repeats_nothing_unless_the_user_says_otherwise() {
    ProducerConfig usual = config(new KafkaTopic("b:1", "t", Map.of()));
    assertThat(usual.getString("acks")).isEqualTo("-1");
    assertThat(usual.getBoolean("enable.idempotence")).isTrue();
    ProducerConfig given = config(new KafkaTopic("b:1", "t", Map.of("acks", "1")));
    assertThat(given.getString("acks")).isEqualTo("1");
    assertThat(given.getBoolean("enable.idempotence")).isFalse();
  }

  @Test
  void exactly_once_refuses_what_it_would_not_be_with() {
    KafkaTopic fast = new KafkaTopic("b:1", "t", Map.of("acks", "1"));
    assertThatThrownBy(() -> fast.exactlyOnceAs("id"))
        .hasMessage(
            "Kafka setting 'acks' is refused: found '1' in a sink that writes exactly once, expected all or -1");
    KafkaTopic repeating = new KafkaTopic("b:1", "t", Map.of("enable.idempotence", "false"));
    assertThatThrownBy(() -> repeating.exactlyOnceAs("id")).hasMessageContaining("expected true");
  }

  @Test
  void transactional_id_is_the_sinks_own() {
    assertThatThrownBy(() -> new KafkaTopic("b:1", "t", Map.of("transactional.id", "x")))
        .hasMessage(
            "Kafka setting 'transactional.id' is refused: a sink makes its own, see 'delivery'");
  }

  private static ProducerConfig config(KafkaTopic topic) {
    Map<String, Object> settings = topic.producerSettings();
    String serializer = "org.apache.kafka.common.serialization.ByteArraySerializer";
    settings.put("key.serializer", serializer);
    settings.put("value.serializer", serializer);
    return new ProducerConfig(settings);
  }
}
