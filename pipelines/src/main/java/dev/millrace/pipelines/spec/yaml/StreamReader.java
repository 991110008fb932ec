package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.StreamSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads where streams come from and where they go. */
final class StreamReader {

  private static final String WHEN = "when";
  private static final String ORDER_BY = "orderBy";

  private static final Map<String, Transport> TRANSPORTS = transports();
  private static final Map<String, SinkTransport> SINKS = sinks();

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

  /** Where dead letters go; {@code events} is empty when they are wrong. */
  static SinkSpec deadLetters(Value value, Optional<SourceSpec> events) {
    return sink(value.oneOf(SINKS.keySet()), events);
  }

  /** Where decisions go: one sink, or a list of them. */
  static List<RouteSpec> decisions(Value value, Optional<SourceSpec> events) {
    return value.isList() ? value.list(each -> route(each, events)) : List.of(route(value, events));
  }

  private static RouteSpec route(Value value, Optional<SourceSpec> events) {
    List<String> words = List.copyOf(SINKS.keySet());
    Section section = value.alternatives(words, WHEN, ORDER_BY);
    SinkSpec to = sink(section.exactlyOne(words), events);
    String when = section.optional(WHEN).map(Value::text).orElse(null);
    Optional<Value> orderBy = section.optional(ORDER_BY);
    String column = orderBy.map(Value::field).orElse(null);
    return orderBy.orElse(value).checked(() -> new RouteSpec(to, when, column));
  }

  private static SinkSpec sink(Section.Chosen chosen, Optional<SourceSpec> events) {
    return Objects.requireNonNull(SINKS.get(chosen.key())).sink(chosen.value(), events);
  }

  private static SourceSpec source(Value value) {
    Section.Chosen chosen = value.oneOf(TRANSPORTS.keySet());
    return Objects.requireNonNull(TRANSPORTS.get(chosen.key())).source(chosen.value());
  }

  /** By the word that chooses each, in the order in which they are named. */
  private static Map<String, Transport> transports() {
    Map<String, Transport> all = new LinkedHashMap<>();
    all.put("kafka", new KafkaTransport());
    all.put("eventHubs", new EventHubsTransport());
    all.put("pubsub", new PubsubTransport());
    all.put("kinesis", new KinesisTransport());
    all.put("files", new FilesTransport());
    return all;
  }

  /** Those that are written to, and what is written to only. */
  private static Map<String, SinkTransport> sinks() {
    Map<String, SinkTransport> all = new LinkedHashMap<>(TRANSPORTS);
    all.put("bigQuery", new BigQueryTransport());
    all.put("http", new HttpTransport());
    all.put("redis", new RedisTransport());
    return all;
  }
}
