package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where decisions go when that is more than one sink. */
class RoutesTest {

  private static final String ONE = "to: { kafka: { topic: decisions } }\n";

  @TempDir Path folder;

  @Test
  void sinks_stand_in_a_list_each_with_its_condition() {
    PipelineSpec spec =
        SpecText.in(folder)
            .with(
                ONE,
                """
                to:
                  - kafka: { topic: decisions }
                  - when: decision == 'DECLINE'
                    http: { url: "https://cases/alerts", headers: { Authorization: secret:env:T } }
                  - kafka: { topic: large, delivery: exactlyOnce }
                    when: count_1d > 5
                """)
            .read();
    SinkSpec.Kafka decisions = new SinkSpec.Kafka("broker:9092", "decisions", Map.of(), 1_000_000);
    assertThat(spec.to().get(0)).isEqualTo(RouteSpec.all(decisions));
    assertThat(spec.to().get(1))
        .isEqualTo(
            new RouteSpec(
                new SinkSpec.Http(
                    "https://cases/alerts",
                    Map.of("Authorization", "secret:env:T"),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    16,
                    1_000_000),
                "decision == 'DECLINE'",
                null));
    assertThat(spec.to().get(2).when()).isEqualTo("count_1d > 5");
    assertThat(spec.decisionTopics())
        .extracting(SinkSpec.Kafka::topic)
        .containsExactly("decisions", "large");
    assertThat(spec.decisionTopic()).contains(decisions);
    assertThat(List.of(spec.pathOfSink(0), spec.pathOfSink(2))).containsExactly("to.0", "to.2");
  }

  @Test
  void one_sink_may_have_a_condition_too() {
    PipelineSpec spec =
        SpecText.in(folder)
            .with(ONE, "to: { kafka: { topic: decisions }, when: count_1d > 5 }\n")
            .read();
    assertThat(spec.to()).hasSize(1);
    assertThat(spec.to().get(0).when()).isEqualTo("count_1d > 5");
    assertThat(spec.pathOfSink(0)).isEqualTo("to");
  }

  @Test
  void sink_may_keep_the_decisions_of_a_column_in_order() {
    PipelineSpec spec =
        SpecText.in(folder)
            .with(ONE, "to: { kafka: { topic: decisions }, orderBy: customer_id }\n")
            .read();
    assertThat(spec.to().get(0).orderBy()).isEqualTo("customer_id");
    assertThat(
            SpecText.in(folder)
                .with(ONE, "to:\n  - { http: { url: \"http://x\" }, orderBy: customer_id }\n")
                .problems())
        .containsExactly(
            "p.yaml:20:43: found orderBy for http http://x, expected it for a sink that keeps records of one key in order");
  }

  @Test
  void sink_that_is_there_twice_is_refused() {
    assertThat(
            SpecText.in(folder)
                .with(
                    ONE,
                    """
                    to:
                      - kafka: { topic: decisions }
                      - { when: count_1d > 5, kafka: { topic: decisions } }
                    """)
                .problems())
        .containsExactly(
            "p.yaml:21:5: found kafka decisions, which to.0 is already, expected one condition for both");
  }

  @Test
  void several_sinks_in_one_item_are_refused_at_their_place() {
    assertThat(
            SpecText.in(folder)
                .with(
                    ONE,
                    """
                    to:
                      - { kafka: { topic: a }, http: { url: "http://x" } }
                      - { whn: count_1d > 5, kafka: { topic: decisions } }
                    """)
                .problems())
        .containsExactlyInAnyOrder(
            "p.yaml:20:5: found 'kafka' and 'http', expected exactly one of kafka, eventHubs, pubsub, kinesis, files, bigQuery, http, redis for to.0",
            "p.yaml:21:7: found the unknown key 'whn', expected one of kafka, eventHubs, pubsub, kinesis, files, bigQuery, http, redis, when, orderBy for to.1 (did you mean 'when'?)");
  }
}
