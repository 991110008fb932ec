package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.DecideSpec;
import dev.millrace.pipelines.spec.FeatureSpec;
import dev.millrace.pipelines.spec.FeatureSpec.Aggregate;
import dev.millrace.pipelines.spec.FeatureSpec.Source;
import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.HistorySpec;
import dev.millrace.pipelines.spec.InferSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.PayloadSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.RegistrySpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.StreamSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineSpecReaderTest {

  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;

  @Test
  void what_is_left_out_has_its_default() {
    PipelineSpec spec = SpecText.in(folder).read();
    assertThat(spec)
        .isEqualTo(
            new PipelineSpec(
                "payments",
                new StreamSpec(
                    new SourceSpec.Kafka("broker:9092", "payments", null, Map.of()),
                    FormatSpec.Avro.of(at("payment.avsc"), null),
                    "payment_id",
                    "paid_at",
                    DAY,
                    DAY),
                null,
                List.of(),
                List.of(
                    new HistorySpec(
                        "customer_id",
                        Map.of(
                            "count_1d",
                            new FeatureSpec(
                                Aggregate.COUNT, Source.EVENTS, null, null, DAY, Duration.ZERO)),
                        4096)),
                List.of(),
                Map.of(),
                null,
                new DecideSpec(
                    "decision", List.of(new DecideSpec.Rule("count_1d > 9", "DECLINE")), "APPROVE"),
                List.of(
                    RouteSpec.all(
                        new SinkSpec.Kafka("broker:9092", "decisions", Map.of(), 1_000_000))),
                null,
                folder.toAbsolutePath(),
                spec.places()));
  }

  @Test
  void framing_follows_the_registry_unless_it_is_said() {
    Map<String, FormatSpec.Framing> framings =
        Map.of(
            "{ avro: { contract: c.avsc } }", FormatSpec.Framing.NONE,
            "{ avro: { contract: c.avsc, registry: /ids } }", FormatSpec.Framing.CONFLUENT,
            "{ avro: { contract: c.avsc, framing: singleObject } }",
                FormatSpec.Framing.SINGLE_OBJECT,
            "{ json: { contract: c.json, registry: /ids } }", FormatSpec.Framing.CONFLUENT,
            "{ json: { contract: c.json, registry: /ids, framing: pubsub } }",
                FormatSpec.Framing.PUBSUB);
    framings.forEach(
        (format, framing) -> {
          PipelineSpec spec =
              SpecText.in(folder).with("{ avro: { contract: payment.avsc } }", format).read();
          assertThat(((FormatSpec.Framed) spec.events().format()).framing())
              .as(format)
              .isEqualTo(framing);
        });
  }

  @Test
  void everything_can_be_said() {
    PipelineSpec spec =
        SpecText.in(folder)
            .whole(
                """
                pipeline: all-of-it
                events:
                  from:
                    kafka:
                      bootstrapServers: a:1,b:2
                      topic: in
                      groupId: readers
                      settings:
                        sasl.jaas.config: secret:env:JAAS
                        max.poll.records: 500
                        fetch: { max: { wait.ms: 10 } }
                  format:
                    avro:
                      contract: ../e.avsc
                      registry:
                        url: https://r:8081
                        user: me
                        password: secret:env:PASSWORD
                        trustStore: /trust.p12
                        trustStorePassword: secret:file:/trust
                        keyStore: own.p12
                        keyStorePassword: secret:file:/own
                      framing: none
                      limits: { bytes: 5000, items: 10 }
                  id: id
                  eventTime: at
                  deduplicateWithin: 2h
                  allowedLateness: 90m
                labels:
                  from: { files: { path: "labels/*.json.gz" } }
                  format:
                    json: { contract: /schemas/l.json, registry: /ids, framing: headers, unknownFields: refuse }
                  id: id
                  eventTime: at
                validate: [ "amount > 0.0" ]
                history:
                  - key: card
                    cap: 100
                    features:
                      largest: { max: amount, over: 15m, where: "amount < 1000.0" }
                      worst: { last: score, of: labels, over: 7d, delay: 250ms }
                compute: { night: "at.getHours() <= 6 ? 1 : 0" }
                infer:
                  model: gs://bucket/model
                  inputs: [ largest, night ]
                  outputs: { p: probability }
                  signature: score
                  batchSize: 64
                decide: { field: verdict, rules: [], otherwise: OK }
                to: { files: { path: out/decisions } }
                deadLetters:
                  kafka:
                    topic: dead
                    bootstrapServers: c:3
                    settings: { linger.ms: 1 }
                    maxRecordBytes: 5000
                    delivery: exactlyOnce
                    sinkId: dead-letters-of-p
                """)
            .read();

    assertThat(spec.events())
        .isEqualTo(
            new StreamSpec(
                new SourceSpec.Kafka(
                    "a:1,b:2",
                    "in",
                    "readers",
                    Map.of(
                        "sasl.jaas.config",
                        "secret:env:JAAS",
                        "max.poll.records",
                        "500",
                        "fetch.max.wait.ms",
                        "10")),
                new FormatSpec.Avro(
                    new PayloadSpec(
                        Objects.requireNonNull(folder.toAbsolutePath().getParent())
                            .resolve("e.avsc")
                            .toString(),
                        new RegistrySpec(
                            "https://r:8081",
                            "me",
                            "secret:env:PASSWORD",
                            null,
                            new RegistrySpec.Store("/trust.p12", "secret:file:/trust"),
                            new RegistrySpec.Store(at("own.p12"), "secret:file:/own")),
                        FormatSpec.Framing.NONE,
                        new PayloadSpec.Limits(5000, null, 10))),
                "id",
                "at",
                Duration.ofHours(2),
                Duration.ofMinutes(90)));
    assertThat(spec.labels())
        .isEqualTo(
            new LabelsSpec.Stream(
                new SourceSpec.Files(at("labels/*.json.gz")),
                new FormatSpec.Json(
                    new PayloadSpec(
                        "/schemas/l.json",
                        RegistrySpec.at("/ids"),
                        FormatSpec.Framing.HEADERS,
                        PayloadSpec.Limits.USUAL),
                    FormatSpec.UnknownFields.REFUSE),
                "id",
                "at"));
    assertThat(spec.validate()).containsExactly("amount > 0.0");
    HistorySpec history = spec.history().get(0);
    assertThat(history.cap()).isEqualTo(100);
    assertThat(history.features())
        .containsExactly(
            Map.entry(
                "largest",
                new FeatureSpec(
                    Aggregate.MAX,
                    Source.EVENTS,
                    "amount",
                    "amount < 1000.0",
                    Duration.ofMinutes(15),
                    Duration.ZERO)),
            Map.entry(
                "worst",
                new FeatureSpec(
                    Aggregate.LAST,
                    Source.LABELS,
                    "score",
                    null,
                    Duration.ofDays(7),
                    Duration.ofMillis(250))));
    assertThat(spec.compute()).containsExactly(Map.entry("night", "at.getHours() <= 6 ? 1 : 0"));
    assertThat(spec.infer())
        .isEqualTo(
            new InferSpec(
                "gs://bucket/model",
                List.of("largest", "night"),
                Map.of("p", "probability"),
                "score",
                64));
    assertThat(spec.decide()).isEqualTo(new DecideSpec("verdict", List.of(), "OK"));
    assertThat(spec.to()).containsExactly(RouteSpec.all(new SinkSpec.Files(at("out/decisions"))));
    assertThat(spec.deadLetters())
        .isEqualTo(
            new SinkSpec.Kafka(
                "c:3",
                "dead",
                Map.of("linger.ms", "1"),
                5000,
                SinkSpec.Delivery.EXACTLY_ONCE,
                "dead-letters-of-p"));
  }

  @Test
  void every_value_remembers_where_it_stands() {
    PipelineSpec spec = SpecText.in(folder).set("to.kafka.topic=other").read();
    String file = folder.resolve("p.yaml").toString();
    assertThat(spec.place("decide.rules.0.when")).hasToString(file + ":17:15");
    assertThat(spec.place("history.0.features.count_1d")).hasToString(file + ":13:7");
    assertThat(spec.place("to.kafka.topic")).hasToString("--set to.kafka.topic");
  }

  @Test
  void a_path_that_was_not_written_has_the_place_of_what_is_around_it() {
    PipelineSpec spec = SpecText.in(folder).read();
    assertThat(spec.place("events.deduplicateWithin"))
        .isEqualTo(spec.place("events"))
        .hasToString(folder.resolve("p.yaml") + ":2:1");
  }

  @Test
  void a_null_leaves_out_what_is_optional() {
    PipelineSpec spec =
        SpecText.in(folder)
            .plus("compute: { night: \"1\", noon: null }\ndeadLetters: null\n")
            .set("to=null")
            .read();
    assertThat(spec.compute()).containsOnlyKeys("night");
    assertThat(spec.to()).isEmpty();
    assertThat(spec.deadLetters()).isNull();
  }

  @Test
  void an_anchor_can_be_used_again() {
    PipelineSpec spec =
        SpecText.in(folder)
            .with(
                "{ count: events, over: 1d }",
                "&day { count: events, over: 1d }\n      again: *day")
            .read();
    Map<String, FeatureSpec> features = spec.history().get(0).features();
    assertThat(features.get("again")).isNotNull().isEqualTo(features.get("count_1d"));
  }

  @Test
  void labels_can_be_a_column_of_the_events() {
    assertThat(SpecText.in(folder).plus("labels: { from: events }\n").read().labels())
        .isEqualTo(new LabelsSpec.OfEvents());
  }

  private String at(String path) {
    return folder.toAbsolutePath().resolve(path).toString();
  }
}
