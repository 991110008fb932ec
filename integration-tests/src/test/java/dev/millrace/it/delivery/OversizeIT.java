package dev.millrace.it.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.deadletters.DeadLetterTopic;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.transport.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decision that is larger than its topic takes, between others: a job must not die of it. */
class OversizeIT {

  private static final int TOPIC_TAKES = 4_000;
  private static final int ORDERS = 20;
  private static final Set<Integer> LARGE = Set.of(3, 11);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"atLeastOnce", "exactlyOnce"})
  void decision_that_the_topic_does_not_take_is_a_dead_letter_with_its_event(String delivery)
      throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"))) {
      broker.createTopic("orders", 1, Map.of());
      broker.createTopic("decisions", 1, Map.of("max.message.bytes", "" + TOPIC_TAKES));
      broker.createTopic("deadletters", 1, Map.of());
      PipelineSpec spec =
          PipelineSpecReader.read(
              spec(broker, delivery), Overrides.parse(List.of()), System::getenv);
      PipelineResult running = launch(spec);
      try {
        send(broker);
        try (Readings committed =
            new Readings(broker.bootstrapServers(), "decisions", "read_committed")) {
          committed.until(ORDERS - LARGE.size(), PATIENCE).untilIdle(Duration.ofSeconds(2));
          assertThat(committed.valuesOfKey()).hasSize(ORDERS - LARGE.size());
          assertThat(committed.valuesOfKey()).doesNotContainKeys("o-3", "o-11");
        }
        assertThat(deadLetters(spec))
            .allSatisfy(
                letter -> {
                  assertThat(letter.stage()).isEqualTo(Stage.DELIVER);
                  assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
                  assertThat(letter.message()).contains("expected at most 4,000");
                })
            .allSatisfy(letter -> assertThat(letter.payload()).hasSizeGreaterThan(TOPIC_TAKES))
            .extracting(DeadLetter::eventId)
            .containsExactlyInAnyOrder("o-3", "o-11");
        assertThat(running.getState()).isEqualTo(PipelineResult.State.RUNNING);
      } finally {
        running.cancel();
      }
    }
  }

  private static List<DeadLetter> deadLetters(PipelineSpec spec) throws IOException {
    List<DeadLetter> letters = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (letters.size() < LARGE.size() && System.nanoTime() < deadline) {
      letters.clear();
      new DeadLetterTopic(spec.deadLetterTopic().orElseThrow()).read(letters::add);
    }
    return letters;
  }

  private static PipelineResult launch(PipelineSpec spec) {
    Pipeline pipeline =
        Pipeline.create(
            RunnerArguments.of(
                    Runner.FLINK,
                    "--checkpointingInterval=500",
                    "--numConcurrentCheckpoints=16",
                    "--minPauseBetweenCheckpoints=100")
                .demoOptions());
    new Assembly(pipeline, PipelinePlan.of(spec)).decisions();
    return pipeline.run();
  }

  private static void send(KafkaBroker broker) throws Exception {
    try (Producer<byte[], byte[]> producer =
        KafkaClients.producer(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      for (int i = 0; i < ORDERS; i++) {
        producer.send(new ProducerRecord<>("orders", order(i).getBytes(UTF_8))).get();
      }
    }
  }

  private static String order(int number) {
    return "{\"id\": \"o-%d\", \"at\": \"2026-03-01T10:00:%02dZ\", \"note\": \"%s\"}"
        .formatted(number, number, "n".repeat(LARGE.contains(number) ? TOPIC_TAKES : 10));
  }

  private Path spec(KafkaBroker broker, String delivery) throws IOException {
    Files.writeString(
        folder.resolve("order.json"),
        """
        {"type": "object", "title": "Order", "required": ["id", "at", "note"],
         "properties": {
           "id": {"type": "string"},
           "at": {"type": "string", "format": "date-time"},
           "note": {"type": "string"}}}
        """);
    return Files.writeString(
        folder.resolve("orders.yaml"),
        """
        pipeline: orders
        events:
          from: { kafka: { bootstrapServers: "%1$s", topic: orders } }
          format: { json: { contract: order.json } }
          id: id
          eventTime: at
        decide: { field: decision, rules: [ { when: "note.size() == 0", then: REVIEW } ], otherwise: APPROVE }
        to: { kafka: { topic: decisions, delivery: %2$s } }
        deadLetters: { kafka: { topic: deadletters, delivery: %2$s } }
        """
            .formatted(broker.bootstrapServers(), delivery));
  }
}
