package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.transport.SafeSettings;
import java.util.Map;
import java.util.Optional;

/** {@code kafka: { bootstrapServers, topic, ... }}. */
final class KafkaTransport implements Transport {

  @Override
  public SourceSpec source(Value value) {
    Section kafka = value.section("bootstrapServers", "topic", "groupId", "settings");
    return new SourceSpec.Kafka(
        kafka.required("bootstrapServers").text(),
        kafka.required("topic").text(),
        kafka.optional("groupId").map(Value::text).orElse(null),
        settings(kafka));
  }

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section kafka =
        value.section(
            "topic", "bootstrapServers", "settings", "maxRecordBytes", "delivery", "sinkId");
    String topic = kafka.required("topic").text();
    String servers =
        kafka
            .optional("bootstrapServers")
            .map(Value::text)
            .or(() -> events.isEmpty() ? Optional.of("") : servers(events.get()))
            .orElseGet(() -> kafka.required("bootstrapServers").text());
    int maxRecordBytes = maxRecordBytes(kafka, Integer.MAX_VALUE);
    SinkSpec.Delivery delivery =
        kafka
            .optional("delivery")
            .map(given -> given.choice(SinkSpec.Delivery.class))
            .orElse(SinkSpec.Delivery.AT_LEAST_ONCE);
    Optional<Value> sinkId = kafka.optional("sinkId");
    String id = sinkId.map(Value::name).orElse(null);
    Map<String, String> settings = settings(kafka);
    return sinkId
        .orElse(value)
        .checked(() -> new SinkSpec.Kafka(servers, topic, settings, maxRecordBytes, delivery, id));
  }

  private static Optional<String> servers(SourceSpec events) {
    return events instanceof SourceSpec.Kafka kafka
        ? Optional.of(kafka.bootstrapServers())
        : Optional.empty();
  }

  /**
   * What a sink says, or what brokers take by default; {@code most} is what its transport takes.
   */
  static int maxRecordBytes(Section sink, int most) {
    return sink.optional("maxRecordBytes")
        .map(bytes -> bytes.number(1, most))
        .orElse(SinkSpec.Kafka.DEFAULT_MAX_RECORD_BYTES);
  }

  static Map<String, String> settings(Section section) {
    return section.optional("settings").map(KafkaTransport::safe).orElse(Map.of());
  }

  private static Map<String, String> safe(Value given) {
    Map<String, String> settings = given.settings();
    Map<String, String> unused = given.checked(() -> SafeSettings.of(settings));
    return settings;
  }
}
