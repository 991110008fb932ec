package dev.millrace.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.transport.SafeSettings;
import dev.millrace.transforms.transport.TopicPartitions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

class ReadKafkaTest {

  private static final ReadKafka READ = ReadKafka.from("localhost:1", "card.transactions");

  @Test
  void consumer_starts_at_the_earliest_record_and_takes_the_users_settings() {
    assertThat(READ.consumerSettings())
        .isEqualTo(
            Map.of(
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                1_000,
                "default.api.timeout.ms",
                10_000,
                "enable.auto.commit",
                false));
    assertThat(
            READ.withSettings(Map.of("auto.offset.reset", "latest", "fetch.min.bytes", "10"))
                .withGroupId("fraud")
                .consumerSettings())
        .isEqualTo(
            Map.of(
                "auto.offset.reset",
                "latest",
                "fetch.min.bytes",
                "10",
                "max.poll.records",
                1_000,
                "default.api.timeout.ms",
                10_000,
                "enable.auto.commit",
                false,
                "group.id",
                "fraud"));
  }

  @Test
  void negative_delay_is_refused() {
    assertThat(READ.withAllowedDelay(Duration.millis(5)).allowedDelay().getMillis()).isEqualTo(5);
    assertThatThrownBy(() -> READ.withAllowedDelay(Duration.millis(-1)))
        .hasMessage("allowed delay: found PT-0.001S, expected zero or more");
  }

  @Test
  void broker_that_is_away_is_named_at_launch() {
    assertThatThrownBy(() -> TopicPartitions.of("127.0.0.1:1", "t", Map.of(), 300))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Kafka broker 127.0.0.1:1, asked for topic 't': found no answer within 300 ms");
    assertThatThrownBy(() -> TopicPartitions.of("no-such-host.invalid:1", "t", Map.of(), 300))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Kafka broker no-such-host.invalid:1");
  }

  @Test
  void topic_that_does_not_exist_is_named_with_those_that_do() {
    assertThat(
            TopicPartitions.missing(
                "b:9092", "card.transaction", List.of("orders", "card.transactions")))
        .isEqualTo(
            "Kafka topic 'card.transaction' does not exist on b:9092 (did you mean 'card.transactions'?); topics there: card.transactions, orders");
    assertThat(TopicPartitions.missing("b:9092", "t", List.of())).endsWith("topics there: none");
    assertThat(
            TopicPartitions.missing(
                "b:9092", "t", IntStream.range(0, 25).mapToObj(i -> "topic" + i).toList()))
        .endsWith("and 5 more");
  }

  @Test
  void settings_that_name_code_are_refused() {
    for (String name :
        List.of(
            "config.providers",
            "config.providers.file.class",
            "sasl.login.callback.handler.class",
            "ssl.engine.factory.class",
            "interceptor.classes",
            "metric.reporters",
            "value.deserializer",
            "partition.assignment.strategy")) {
      assertThatThrownBy(() -> READ.withSettings(Map.of(name, "x")))
          .hasMessageStartingWith("Kafka setting '" + name + "' is refused: ");
    }
  }

  @Test
  void only_known_login_modules_pass_and_only_one() {
    String plain =
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"secret:env:P\";";
    assertThat(SafeSettings.of(Map.of("sasl.jaas.config", plain))).containsValue(plain);
    String jndi =
        "com.sun.security.auth.module.JndiLoginModule required user.provider.url=\"ldap://x\";";
    for (String config :
        List.of(jndi, plain + jndi, plain + " /* */ " + jndi, "// \n" + jndi, "nonsense")) {
      assertThatThrownBy(() -> READ.withSettings(Map.of("sasl.jaas.config", config)))
          .hasMessageStartingWith("Kafka setting 'sasl.jaas.config' is refused: ")
          .hasMessageNotContaining("ldap://x");
    }
  }
}
