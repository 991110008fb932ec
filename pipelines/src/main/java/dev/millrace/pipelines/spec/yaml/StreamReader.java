package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.StreamSpec;
import dev.millrace.transforms.transport.SafeSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads where streams come from and where they go. */
final class StreamReader {

  private StreamReader() {}

  static StreamSpec events(Value value) {
    Section section =
        value.section("from", "format", "id", "eventTime", "deduplicateWithin", "allowedLateness");
    SourceSpec from = source(section.required("from"));
    FormatSpec format = FormatReader.format(section.required("format"));
    String id = section.required("id").field();
    String eventTime = section.required("eventTime").field();
    Duration deduplicateWithin =
        section
            .optional("deduplicateWithin")
            .map(Value::duration)
            .orElse(StreamSpec.DEFAULT_DEDUPLICATE_WITHIN);
    Optional<Value> lateness = section.optional("allowedLateness");
    Duration allowedLateness = lateness.map(Value::duration).orElse(deduplicateWithin);
    return lateness
        .orElse(value)
        .checked(
            () -> new StreamSpec(from, format, id, eventTime, deduplicateWithin, allowedLateness));
  }

  static LabelsSpec labels(Value value) {
    Section section = value.section("from", "format", "id", "eventTime");
    Value from = section.required("from");
    if (from.isText("events")) {
      for (String key : new String[] {"format", "id", "eventTime"}) {
        section
            .optional(key)
            .ifPresent(
                given -> {
                  throw given.problem(
                      "found '%s' for labels that are a column of the events, expected 'from'"
                              .formatted(key)
                          + " alone");
                });
      }
      return new LabelsSpec.OfEvents();
    }
    return new LabelsSpec.Stream(
        source(from),
        FormatReader.format(section.required("format")),
        section.required("id").field(),
        section.required("eventTime").field());
  }

  static SinkSpec sink(Value value, Optional<String> defaultServers) {
    Section.Chosen chosen = value.oneOf("kafka", "files");
    if (chosen.key().equals("files")) {
      return new SinkSpec.Files(chosen.value().section("path").required("path").path());
    }
    Section kafka =
        chosen
            .value()
            .section(
                "topic", "bootstrapServers", "settings", "maxRecordBytes", "delivery", "sinkId");
    String topic = kafka.required("topic").text();
    String servers =
        defaultServers.isPresent() && kafka.optional("bootstrapServers").isEmpty()
            ? defaultServers.get()
            : kafka.required("bootstrapServers").text();
    int maxRecordBytes =
        kafka
            .optional("maxRecordBytes")
            .map(bytes -> bytes.number(1, Integer.MAX_VALUE))
            .orElse(SinkSpec.Kafka.DEFAULT_MAX_RECORD_BYTES);
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

  private static SourceSpec source(Value value) {
    Section.Chosen chosen = value.oneOf("kafka", "files");
    if (chosen.key().equals("files")) {
      return new SourceSpec.Files(chosen.value().section("path").required("path").path());
    }
    Section kafka = chosen.value().section("bootstrapServers", "topic", "groupId", "settings");
    return new SourceSpec.Kafka(
        kafka.required("bootstrapServers").text(),
        kafka.required("topic").text(),
        kafka.optional("groupId").map(Value::text).orElse(null),
        settings(kafka));
  }

  private static Map<String, String> settings(Section kafka) {
    return kafka.optional("settings").map(StreamReader::safe).orElse(Map.of());
  }

  private static Map<String, String> safe(Value given) {
    Map<String, String> settings = given.settings();
    Map<String, String> unused = given.checked(() -> SafeSettings.of(settings));
    return settings;
  }
}
