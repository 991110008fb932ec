package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.transport.PubsubSubscription;
import dev.millrace.transforms.transport.PubsubTopic;
import java.util.Optional;

/**
 * {@code pubsub: { subscription, topic, idAttribute, timestampAttribute }} to read, one of the
 * first two at least, and {@code pubsub: { topic }} to write.
 */
final class PubsubTransport implements Transport {

  @Override
  public SourceSpec source(Value value) {
    Section section = value.section("subscription", "topic", "idAttribute", "timestampAttribute");
    Optional<Value> subscription = section.optional("subscription");
    Optional<Value> topic = section.optional("topic");
    if (subscription.isEmpty() && topic.isEmpty()) {
      throw section.missing("subscription");
    }
    return new SourceSpec.Pubsub(
        subscription
            .map(path -> path.checked(() -> PubsubSubscription.checked(path.text())))
            .orElse(null),
        topic.map(PubsubTransport::topic).orElse(null),
        section.optional("idAttribute").map(Value::text).orElse(null),
        section.optional("timestampAttribute").map(Value::text).orElse(null));
  }

  private static String topic(Value topic) {
    String path = topic.text();
    String unused = topic.checked(() -> PubsubTopic.name(path));
    return path;
  }

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section section = value.section("topic", "maxRecordBytes");
    return new SinkSpec.Pubsub(
        topic(section.required("topic")),
        KafkaTransport.maxRecordBytes(section, PubsubTopic.LARGEST_MESSAGE));
  }
}
