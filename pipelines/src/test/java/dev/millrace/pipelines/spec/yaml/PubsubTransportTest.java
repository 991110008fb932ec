package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PubsubTransportTest {

  private static final String KAFKA =
      """
          kafka:
            bootstrapServers: broker:9092
            topic: payments
      """;
  private static final String SUBSCRIPTION = "subscription: projects/bank/subscriptions/payments";
  private static final String TOPIC = "topic: projects/bank/topics/decisions";

  @TempDir Path folder;

  @Test
  void a_subscription_is_read_and_a_topic_is_written_to() {
    PipelineSpec spec = from(SUBSCRIPTION).read();
    assertThat(spec.events().from())
        .isEqualTo(new SourceSpec.Pubsub("projects/bank/subscriptions/payments", null, null, null));
    assertThat(spec.to())
        .containsExactly(
            RouteSpec.all(new SinkSpec.Pubsub("projects/bank/topics/decisions", 1_000_000)));
    assertThat(spec.decisionTopic()).isEmpty();
  }

  @Test
  void attributes_and_a_size_can_be_named() {
    PipelineSpec spec =
        from(SUBSCRIPTION + ", idAttribute: payment, timestampAttribute: at")
            .with(TOPIC, TOPIC + ", maxRecordBytes: 10000000")
            .read();
    assertThat(spec.events().from())
        .isEqualTo(
            new SourceSpec.Pubsub("projects/bank/subscriptions/payments", null, "payment", "at"));
    assertThat(spec.to())
        .containsExactly(
            RouteSpec.all(new SinkSpec.Pubsub("projects/bank/topics/decisions", 10_000_000)));
  }

  @Test
  void a_topic_is_read_by_a_subscription_of_the_pipelines_own() {
    SourceSpec.Pubsub payments =
        (SourceSpec.Pubsub) from("topic: projects/shop/topics/payments").read().events().from();
    assertThat(payments)
        .isEqualTo(new SourceSpec.Pubsub(null, "projects/shop/topics/payments", null, null));
    assertThat(payments.subscription("card-fraud", "events"))
        .isEqualTo("projects/shop/subscriptions/millrace-card-fraud-events");
  }

  @Test
  void a_topic_may_be_read_by_a_subscription_that_has_a_name() {
    SourceSpec.Pubsub payments =
        (SourceSpec.Pubsub)
            from(SUBSCRIPTION + ", topic: projects/shop/topics/payments").read().events().from();
    assertThat(payments.topic()).isEqualTo("projects/shop/topics/payments");
    assertThat(payments.subscription("card-fraud", "events"))
        .isEqualTo("projects/bank/subscriptions/payments");
  }

  @Test
  void neither_a_subscription_nor_a_topic_is_refused() {
    assertThat(from("idAttribute: payment").problems())
        .containsExactly(
            "p.yaml:4:5: found no 'subscription', expected one for events.from.pubsub");
    assertThat(from("topic: payments").problems())
        .containsExactly(
            "p.yaml:4:22: found topic 'payments', expected projects/PROJECT/topics/TOPIC");
  }

  @Test
  void a_name_without_its_project_is_refused_at_its_place() {
    assertThat(from("subscription: payments").with(TOPIC, "topic: decisions").problems())
        .containsExactly(
            "p.yaml:4:29: found subscription 'payments', expected"
                + " projects/PROJECT/subscriptions/SUBSCRIPTION",
            "p.yaml:17:24: found topic 'decisions', expected projects/PROJECT/topics/TOPIC");
  }

  @Test
  void more_than_pubsub_takes_is_refused() {
    assertThat(from(SUBSCRIPTION).with(TOPIC, TOPIC + ", maxRecordBytes: 10000001").problems())
        .containsExactly(
            "p.yaml:17:72: found '10000001', expected a whole number from 1 to 10000000 for"
                + " to.pubsub.maxRecordBytes");
  }

  private SpecText from(String pubsub) {
    return SpecText.in(folder)
        .with(KAFKA, "    pubsub: { %s }\n".formatted(pubsub))
        .with("kafka: { topic: decisions }", to(TOPIC));
  }

  private static String to(String pubsub) {
    return "pubsub: { %s }".formatted(pubsub);
  }
}
