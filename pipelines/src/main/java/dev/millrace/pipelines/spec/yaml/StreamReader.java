package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.RegistrySpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.StreamSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where streams come from and where they go. */
final class StreamReader {

  private StreamReader() {}

  static StreamSpec events(Value value) {
    Section section =
        value.section("from", "format", "id", "eventTime", "deduplicateWithin", "allowedLateness");
    SourceSpec from = source(section.required("from"));
    FormatSpec format = format(section.required("format"));
    String id = section.required("id").column();
    String eventTime = section.required("eventTime").column();
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
        format(section.required("format")),
        section.required("id").column(),
        section.required("eventTime").column());
  }

  static SinkSpec sink(Value value, Optional<String> defaultServers) {
    Section.Chosen chosen = value.oneOf("kafka", "files");
    if (chosen.key().equals("files")) {
      return new SinkSpec.Files(chosen.value().section("path").required("path").path());
    }
    Section kafka =
        chosen.value().section("topic", "bootstrapServers", "settings", "maxRecordBytes");
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
    return new SinkSpec.Kafka(servers, topic, settings(kafka), maxRecordBytes);
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
    return kafka.optional("settings").map(Value::settings).orElse(Map.of());
  }

  private static FormatSpec format(Value value) {
    Section.Chosen chosen = value.oneOf("avro", "json", "csv");
    if (chosen.key().equals("avro")) {
      return avro(chosen.value());
    }
    String contract = chosen.value().section("contract").required("contract").path();
    return chosen.key().equals("json")
        ? new FormatSpec.Json(contract)
        : new FormatSpec.Csv(contract);
  }

  private static FormatSpec avro(Value value) {
    Section section = value.section("contract", "registry", "framing");
    String contract = section.required("contract").path();
    RegistrySpec registry = section.optional("registry").map(StreamReader::registry).orElse(null);
    Optional<Value> given = section.optional("framing");
    Optional<FormatSpec.Framing> framing = given.map(f -> f.choice(FormatSpec.Framing.class));
    return given
        .orElse(value)
        .checked(
            () ->
                framing.isPresent()
                    ? new FormatSpec.Avro(contract, registry, framing.get())
                    : FormatSpec.Avro.of(contract, registry));
  }

  /** An address or a folder, or a map that also says as whom it is asked. */
  private static RegistrySpec registry(Value value) {
    if (value.isText()) {
      return RegistrySpec.at(value.text());
    }
    Section section =
        value.section(
            "url",
            "user",
            "password",
            "token",
            "trustStore",
            "trustStorePassword",
            "keyStore",
            "keyStorePassword");
    String url = section.required("url").text();
    String user = section.optional("user").map(Value::text).orElse(null);
    String password = section.optional("password").map(Value::secret).orElse(null);
    String token = section.optional("token").map(Value::secret).orElse(null);
    RegistrySpec.Store trust = store(section, "trustStore");
    RegistrySpec.Store own = store(section, "keyStore");
    return value.checked(() -> new RegistrySpec(url, user, password, token, trust, own));
  }

  private static RegistrySpec.@Nullable Store store(Section section, String key) {
    Optional<Value> path = section.optional(key);
    Optional<String> password = section.optional(key + "Password").map(Value::secret);
    if (path.isEmpty() && password.isEmpty()) {
      return null;
    }
    return new RegistrySpec.Store(
        section.required(key).path(), section.required(key + "Password").secret());
  }
}
