package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LookupSpec;
import dev.millrace.pipelines.spec.LookupSpec.Asking;
import dev.millrace.pipelines.spec.LookupSpec.WhenUnavailable;
import dev.millrace.pipelines.spec.ReferenceSpec;
import dev.millrace.pipelines.spec.ReferenceSpec.Kafka.Keys;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what is looked up by one key: {@code segment: { string: segment, default: NONE }}. */
final class LookupReader {

  private static final List<String> SOURCES =
      List.of("kafka", "files", "redis", "postgres", "http");

  private static final List<String> TYPES =
      Arrays.stream(LookupSpec.Type.values())
          .map(type -> type.name().toLowerCase(Locale.ROOT))
          .toList();

  private static final List<String> COLUMN_KEYS =
      Stream.concat(TYPES.stream(), Stream.of("default")).toList();

  /** What is said about a server, and means nothing for a table. */
  private static final List<String> OF_SERVERS =
      List.of("cache", "timeout", "retries", "whenUnavailable", "breaker");

  private LookupReader() {}

  static LookupSpec lookup(Value value) {
    Section section =
        value.section(
            Stream.concat(Stream.of("key", "from", "columns", "status"), OF_SERVERS.stream())
                .toList());
    String key = section.required("key").field();
    ReferenceSpec from = reference(section.required("from"));
    Map<String, LookupSpec.Column> columns =
        section.required("columns").columns(LookupReader::column);
    String status = section.optional("status").map(Value::column).orElse(null);
    Asking asking = from.isRemote() ? asking(section) : table(section, from);
    return section
        .optional("whenUnavailable")
        .orElseGet(() -> section.required("columns"))
        .checked(() -> new LookupSpec(key, from, columns, status, asking));
  }

  private static LookupSpec.Column column(Value value) {
    Section section = value.section(COLUMN_KEYS);
    Section.Chosen chosen = section.exactlyOne(TYPES);
    return new LookupSpec.Column(
        LookupSpec.Type.valueOf(chosen.key().toUpperCase(Locale.ROOT)),
        chosen.value().text(),
        section.optional("default").map(Value::anyText).orElse(null));
  }

  private static Asking table(Section section, ReferenceSpec from) {
    for (String key : OF_SERVERS) {
      section
          .optional(key)
          .ifPresent(
              given -> {
                throw given.problem(
                    "found '%s' for %s, which is a table in the worker, expected it for redis, postgres or http"
                        .formatted(key, from.word()));
              });
    }
    return Asking.DEFAULT;
  }

  private static Asking asking(Section section) {
    Asking usual = Asking.DEFAULT;
    Optional<Section> cache = section.optional("cache").map(v -> v.section("entries", "for"));
    Optional<Section> breaker =
        section.optional("breaker").map(v -> v.section("failures", "of", "open"));
    return new Asking(
        number(cache, "entries", 0, 100_000_000, usual.entries()),
        duration(cache, "for", usual.keptFor()),
        duration(Optional.of(section), "timeout", usual.timeout()),
        number(Optional.of(section), "retries", 0, 100, usual.retries()),
        section
            .optional("whenUnavailable")
            .map(given -> given.choice(WhenUnavailable.class))
            .orElse(usual.whenUnavailable()),
        breaker
            .flatMap(it -> it.optional("failures"))
            .map(Value::percent)
            .orElse(usual.breakerPercent()),
        number(breaker, "of", 2, 10_000, usual.breakerOf()),
        duration(breaker, "open", usual.breakerOpen()));
  }

  private static int number(Optional<Section> in, String key, int least, int most, int usual) {
    return in.flatMap(it -> it.optional(key)).map(v -> v.number(least, most)).orElse(usual);
  }

  private static Duration duration(Optional<Section> in, String key, Duration usual) {
    Optional<Value> given = in.flatMap(it -> it.optional(key));
    given
        .filter(value -> value.duration().isZero())
        .ifPresent(
            value -> {
              throw value.expected("more than nothing");
            });
    return given.map(Value::duration).orElse(usual);
  }

  private static ReferenceSpec reference(Value value) {
    Section.Chosen chosen = value.oneOf(SOURCES);
    return switch (chosen.key()) {
      case "kafka" -> kafka(chosen.value());
      case "files" -> files(chosen.value());
      case "redis" -> redis(chosen.value());
      case "postgres" -> postgres(chosen.value());
      default -> http(chosen.value());
    };
  }

  private static ReferenceSpec kafka(Value value) {
    Section section =
        value.section("bootstrapServers", "topic", "settings", "maxBytes", "format", "keys");
    String bootstrapServers = section.required("bootstrapServers").text();
    String topic = section.required("topic").text();
    Map<String, String> settings = KafkaTransport.settings(section);
    int maxBytes = maxBytes(section);
    Optional<Value> format = section.optional("format");
    Optional<Value> keys = section.optional("keys");
    FormatSpec.Framed values = format.map(FormatReader::framed).orElse(null);
    Keys written = keys.map(given -> given.choice(Keys.class)).orElse(Keys.TEXT);
    return keys.or(() -> format)
        .orElse(value)
        .checked(
            () ->
                new ReferenceSpec.Kafka(
                    bootstrapServers, topic, settings, maxBytes, values, written));
  }

  private static ReferenceSpec files(Value value) {
    Section section = value.section("path", "key", "refresh", "maxBytes");
    return new ReferenceSpec.Files(
        section.required("path").path(),
        section.required("key").text(),
        duration(Optional.of(section), "refresh", ReferenceSpec.Files.DEFAULT_REFRESH),
        maxBytes(section));
  }

  private static int maxBytes(Section section) {
    return number(
        Optional.of(section), "maxBytes", 1, Integer.MAX_VALUE, ReferenceSpec.DEFAULT_MAX_BYTES);
  }

  private static ReferenceSpec redis(Value value) {
    Section section = value.section("url", "key", "user", "password");
    return new ReferenceSpec.Redis(
        section.required("url").text(),
        section.required("key").text(),
        section.optional("user").map(Value::text).orElse(null),
        password(section));
  }

  private static ReferenceSpec postgres(Value value) {
    Section section = value.section("url", "user", "password", "table", "key");
    return new ReferenceSpec.Postgres(
        section.required("url").text(),
        section.optional("user").map(Value::text).orElse(null),
        password(section),
        section.required("table").text(),
        section.required("key").text());
  }

  private static @Nullable String password(Section section) {
    return section.optional("password").map(Value::secret).orElse(null);
  }

  private static ReferenceSpec http(Value value) {
    Section section = value.section("url", "headers");
    return new ReferenceSpec.Http(
        section.required("url").text(),
        section.optional("headers").map(Value::settings).orElse(Map.of()));
  }
}
