package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.StreamSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads where streams come from and where they go. */
final class StreamReader {

  private static final Map<String, Transport> TRANSPORTS = transports();

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

  /** A sink; {@code events} is empty when they are wrong. */
  static SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section.Chosen chosen = value.oneOf(TRANSPORTS.keySet());
    return transport(chosen).sink(chosen.value(), events);
  }

  private static SourceSpec source(Value value) {
    Section.Chosen chosen = value.oneOf(TRANSPORTS.keySet());
    return transport(chosen).source(chosen.value());
  }

  private static Transport transport(Section.Chosen chosen) {
    return Objects.requireNonNull(TRANSPORTS.get(chosen.key()));
  }

  /** By the word that chooses each, in the order in which they are named. */
  private static Map<String, Transport> transports() {
    Map<String, Transport> all = new LinkedHashMap<>();
    all.put("kafka", new KafkaTransport());
    all.put("eventHubs", new EventHubsTransport());
    all.put("pubsub", new PubsubTransport());
    all.put("files", new FilesTransport());
    return all;
  }
}
