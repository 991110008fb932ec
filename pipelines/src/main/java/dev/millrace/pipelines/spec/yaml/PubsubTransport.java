package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.transport.PubsubSubscription;
import dev.millrace.transforms.transport.PubsubTopic;
import java.util.Optional;

/**
 * {@code pubsub: { subscription, idAttribute, timestampAttribute }} and {@code pubsub: { topic }}.
 */
final class PubsubTransport implements Transport {

  @Override
  public SourceSpec source(Value value) {
    Section section = value.section("subscription", "idAttribute", "timestampAttribute");
    Value subscription = section.required("subscription");
    String path = subscription.text();
    String id = section.optional("idAttribute").map(Value::text).orElse(null);
    String timestamp = section.optional("timestampAttribute").map(Value::text).orElse(null);
    return subscription.checked(
        () -> new SourceSpec.Pubsub(PubsubSubscription.checked(path), id, timestamp));
  }

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section section = value.section("topic", "maxRecordBytes");
    Value topic = section.required("topic");
    String path = topic.text();
    String unused = topic.checked(() -> PubsubTopic.name(path));
    return new SinkSpec.Pubsub(
        path, KafkaTransport.maxRecordBytes(section, PubsubTopic.LARGEST_MESSAGE));
  }
}
