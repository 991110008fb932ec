package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.LookupSpec;
import dev.millrace.pipelines.spec.LookupSpec.Asking;
import dev.millrace.pipelines.spec.LookupSpec.Column;
import dev.millrace.pipelines.spec.LookupSpec.WhenUnavailable;
import dev.millrace.pipelines.spec.ReferenceSpec;
import dev.millrace.pipelines.spec.ReferenceSpec.Kafka.Keys;
import dev.millrace.pipelines.spec.RegistrySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How lookups are written, and what is said of one that is wrong. */
class LookupReaderTest {

  private static final String REDIS =
      """
      lookup:
        - key: customer_id
          from: { redis: { url: "redis://cache:6379/1", key: "c:{key}", user: u, password: secret:env:P } }
          columns: { segment: { string: seg, default: "" }, credit: { double: limit, default: 0.0 } }
          status: found
          cache: { entries: 5, for: 1m }
          timeout: 20ms
          retries: 0
          whenUnavailable: default
          breaker: { failures: 25%, of: 8, open: 3s }
      """;

  @TempDir private Path folder;

  private List<LookupSpec> read(String lookup) {
    return SpecText.in(folder).plus(lookup).read().lookup();
  }

  private List<String> problems(String lookup) {
    return SpecText.in(folder).plus(lookup).problems();
  }

  @Test
  void everything_is_read_that_is_said() {
    assertThat(read(REDIS))
        .containsExactly(
            new LookupSpec(
                "customer_id",
                new ReferenceSpec.Redis("redis://cache:6379/1", "c:{key}", "u", "secret:env:P"),
                Map.of(
                    "segment", new Column(LookupSpec.Type.STRING, "seg", ""),
                    "credit", new Column(LookupSpec.Type.DOUBLE, "limit", "0.0")),
                "found",
                new Asking(
                    5,
                    Duration.ofMinutes(1),
                    Duration.ofMillis(20),
                    0,
                    WhenUnavailable.DEFAULT,
                    25,
                    8,
                    Duration.ofSeconds(3))));
    assertThat(SpecText.in(folder).plus(REDIS).read().servers())
        .containsExactly("broker:9092", "redis://cache:6379/1");
  }

  @Test
  void tables_have_defaults_of_their_own() {
    assertThat(
            read(
                """
                lookup:
                  - key: customer_id
                    from: { files: { path: customers.csv, key: id } }
                    columns: { segment: { string: seg } }
                  - key: segment
                    from: { kafka: { bootstrapServers: "b:9092", topic: segments, maxBytes: 1000 } }
                    columns: { discount: { int: discount, default: 0 } }
                """))
        .extracting(LookupSpec::from)
        .containsExactly(
            new ReferenceSpec.Files(
                folder.toAbsolutePath().resolve("customers.csv").toString(),
                "id",
                Duration.ofSeconds(30),
                256 << 20),
            ReferenceSpec.Kafka.ofJson("b:9092", "segments", Map.of(), 1000));
  }

  @Test
  void what_is_said_of_a_server_means_nothing_for_a_table() {
    assertThat(
            problems(
                """
                lookup:
                  - key: customer_id
                    from: { files: { path: customers.csv, key: id } }
                    columns: { segment: { string: seg } }
                    timeout: 10ms
                """))
        .containsExactly(
            "p.yaml:24:14: found 'timeout' for files, which is a table in the worker, expected it"
                + " for redis, postgres or http");
  }

  @Test
  void fallback_needs_a_default_for_each_column_and_a_status() {
    assertThat(problems(REDIS.replace(", default: 0.0", "")))
        .containsExactly(
            "p.yaml:28:22: found whenUnavailable default, and no default for credit, expected one"
                + " for each column");
    assertThat(problems(REDIS.replace("    status: found\n", "")))
        .containsExactly(
            "p.yaml:27:22: found whenUnavailable default and no 'status', expected a column that"
                + " tells what was made up from what was found");
  }

  @Test
  void password_in_plain_text_is_not_repeated() {
    assertThat(problems(REDIS.replace("secret:env:P", "hunter2")))
        .singleElement()
        .asString()
        .contains("found a secret in plain text")
        .doesNotContain("hunter2");
  }

  @Test
  void column_has_one_type_and_a_name_that_nothing_else_has() {
    assertThat(problems(REDIS.replace("string: seg", "text: seg")))
        .first()
        .asString()
        .contains("found the unknown key 'text', expected one of string, int, double, bool");
    assertThat(problems(REDIS.replace("segment:", "count_1d:")))
        .containsExactly(
            "p.yaml:23:16: found 'count_1d', which history.0.features.count_1d has already,"
                + " expected another name");
    assertThat(problems(REDIS.replace("25%", "0.25")))
        .containsExactly(
            "p.yaml:29:26: found '0.25', expected a share from 1% to 100% for"
                + " lookup.0.breaker.failures");
  }

  private static final String TOPIC =
      """
      lookup:
        - key: customer_id
          from:
            kafka:
              bootstrapServers: b:9092
              topic: customers
              format: { avro: { contract: customer.avsc, registry: "http://registry:8081" } }
              keys: avro
          columns: { segment: { string: seg } }
      """;

  @Test
  void topic_has_the_formats_of_events_and_its_registry_is_a_server() {
    String contract = folder.toAbsolutePath().resolve("customer.avsc").toString();
    assertThat(read(TOPIC))
        .extracting(LookupSpec::from)
        .containsExactly(
            new ReferenceSpec.Kafka(
                "b:9092",
                "customers",
                Map.of(),
                256 << 20,
                FormatSpec.Avro.of(contract, RegistrySpec.at("http://registry:8081")),
                Keys.AVRO));
    assertThat(SpecText.in(folder).plus(TOPIC).read().servers())
        .containsExactly("broker:9092", "http://registry:8081", "b:9092");
    assertThat(read(TOPIC.replace("avro: {", "protobuf: { message: bank.Customer,")))
        .extracting(each -> ((ReferenceSpec.Kafka) each.from()).format())
        .singleElement()
        .isInstanceOfSatisfying(
            FormatSpec.Protobuf.class,
            format -> assertThat(format.message()).isEqualTo("bank.Customer"));
  }

  @Test
  void format_of_a_topic_needs_a_contract_and_a_frame_of_kafka() {
    assertThat(problems(TOPIC.replace("contract: customer.avsc, ", "")))
        .containsExactly(
            "p.yaml:26:19: found no 'contract', expected one for lookup.0.from.kafka.format.avro");
    assertThat(problems(TOPIC.replace("avro: {", "csv: {")))
        .first()
        .asString()
        .contains("found the unknown key 'csv', expected one of avro, protobuf, json");
    assertThat(
            problems(
                TOPIC
                    .replace("8081\" }", "8081\", framing: pubsub }")
                    .replace("        keys: avro\n", "")))
        .containsExactly(
            "p.yaml:26:9: found framing 'pubsub', which is of messages of Pub/Sub, expected one of confluent, headers, singleObject, none");
  }

  @Test
  void keys_in_avro_need_the_registry_of_the_values() {
    assertThat(problems(TOPIC.replace(", registry: \"http://registry:8081\"", "")))
        .containsExactly(
            "p.yaml:27:15: found keys 'avro', and no 'format' with a registry and a frame, expected one: it knows the keys' schemas too");
    assertThat(problems(TOPIC.replace("keys: avro", "keys: jsn")))
        .containsExactly(
            "p.yaml:27:15: found 'jsn', expected one of text, avro for lookup.0.from.kafka.keys");
  }
}
