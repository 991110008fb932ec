package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.PubsubEmulator;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.IncomingMessage;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pub/Sub by Google's emulator: skipped where the machine has none. */
class PubsubIT {

  private static final int PAYMENTS = 200;

  /** More than the ten seconds after which a message that nobody acknowledged comes again. */
  private static final Duration IDLE = Duration.ofSeconds(15);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private PubsubProject project;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(
        PubsubEmulator.jar().isPresent(),
        "SKIPPED: no Pub/Sub emulator: google-cloud-cli-pubsub-emulator is not installed, and"
            + " MILLRACE_PUBSUB_EMULATOR names none");
    project =
        new PubsubProject(PubsubEmulator.start(folder)).with("payments", "decisions", "letters");
  }

  @AfterEach
  void stop() throws IOException {
    if (project != null) {
      project.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK"})
  void every_payment_is_decided_once_and_what_cannot_be_read_is_a_dead_letter(Runner runner)
      throws Exception {
    PipelineSpec spec = Launched.read(spec());
    PipelineResult running = launch(spec, runner);
    try {
      List<String> payments = JsonPayments.payments(0, PAYMENTS);
      project.publish("payments", payments, Map.of());
      // Again, as another message: only the event's own id tells.
      project.publish("payments", payments.subList(0, 20), Map.of("from", "elsewhere"));
      project.publish("payments", List.of("{\"id\":"), Map.of("from", "nowhere"));
      Map<String, Set<String>> decided = decided(spec, project.drain("decisions", IDLE));
      assertThat(decided).isEqualTo(JsonPayments.expected(PAYMENTS));
      List<IncomingMessage> letters = project.drain("letters", Duration.ofSeconds(2));
      DeadLetter letter = DeadLetterAvro.read(bytes(letters.get(0)), 10);
      assertThat(letters).hasSize(1);
      assertThat(letter.reason()).isEqualTo(Reason.MALFORMED);
      assertThat(letter.payload()).isEqualTo("{\"id\":".getBytes(UTF_8));
      assertThat(letter.attributes().get("from")).isEqualTo("nowhere".getBytes(UTF_8));
      assertThat(letter.origin().transport()).isEqualTo("pubsub");
      assertThat(letter.origin().message()).isNotEmpty();
    } finally {
      running.cancel();
    }
  }

  @Test
  void a_topic_is_read_from_its_first_launch_on_also_while_nobody_reads() throws Exception {
    PipelineSpec spec =
        Launched.read(
            JsonPayments.write(
                folder,
                "pubsub:\n  topic: " + PubsubProject.topic("payments"),
                "{ pubsub: { topic: %s } }".formatted(PubsubProject.topic("decisions")),
                "{ pubsub: { topic: %s } }".formatted(PubsubProject.topic("letters"))));
    launch(spec, Runner.DIRECT).cancel();
    project.publish("payments", JsonPayments.payments(0, PAYMENTS), Map.of());
    PipelineResult again = launch(spec, Runner.DIRECT);
    try {
      assertThat(decided(spec, project.drain("decisions", IDLE)))
          .isEqualTo(JsonPayments.expected(PAYMENTS));
    } finally {
      again.cancel();
    }
  }

  @Test
  void what_was_not_acknowledged_when_a_worker_was_killed_comes_again_and_is_decided_alike()
      throws Exception {
    try (FlinkCluster cluster = FlinkCluster.in(folder.resolve("flink")).start()) {
      PipelineSpec spec = Launched.read(spec());
      launch(
          spec, Runner.FLINK, "--flinkMaster=" + cluster.address(), "--checkpointingInterval=2000");
      FlinkJob job = FlinkJob.newest(cluster.rest(), "card-fraud").orElseThrow();
      job.awaitRunning(PATIENCE);
      List<IncomingMessage> decisions = new ArrayList<>();
      for (int part = 0; part < 4; part++) {
        project.publish(
            "payments",
            JsonPayments.payments(part * PAYMENTS / 4, (part + 1) * PAYMENTS / 4),
            Map.of());
        decisions.addAll(project.drain("decisions", Duration.ofMillis(500)));
        if (part == 1 || part == 2) {
          cluster.taskManager(0).kill();
          cluster.taskManager(0).restart();
          job.awaitRunning(PATIENCE);
        }
      }
      decisions.addAll(project.drain("decisions", IDLE));
      assertThat(decided(spec, decisions)).isEqualTo(JsonPayments.expected(PAYMENTS));
      assertThat(project.drain("letters", Duration.ofSeconds(1))).isEmpty();
      System.out.printf(
          "two kills: %,d payments, %,d decisions that repeat one before%n",
          PAYMENTS, decisions.size() - PAYMENTS);
      job.cancel();
    }
  }

  @Test
  void what_is_not_there_is_told_at_launch_with_its_place() throws Exception {
    Path file = spec();
    launching(file, "events.from.pubsub.subscription=" + PubsubProject.subscription("payment"))
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("subscription 'projects/test-project/subscriptions/payment'")
        .hasMessageContaining("expected it to exist");
    launching(file, "events.from.pubsub.topic=" + PubsubProject.topic("decisions"))
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("found it to be of another topic");
    launching(file, "events.from.pubsub.topic=" + PubsubProject.topic("payment"))
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("gcloud pubsub topics create");
    launching(file, "to.pubsub.topic=" + PubsubProject.topic("decision"))
        .hasMessageContaining("payments.yaml:14:1: ")
        .hasMessageContaining("gcloud pubsub topics create");
    project.close();
    launching(file, "pipeline=payments")
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("found no answer from http://127.0.0.1:");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> launching(Path file, String override) {
    return assertThatThrownBy(() -> launch(Launched.read(file, override), Runner.DIRECT).cancel())
        .isInstanceOf(SpecException.class);
  }

  private static Map<String, Set<String>> decided(
      PipelineSpec spec, List<IncomingMessage> decisions) throws IOException {
    return JsonPayments.decided(spec, decisions, PubsubIT::bytes, PubsubProject::id);
  }

  private static byte[] bytes(IncomingMessage message) {
    return message.message().getData().toByteArray();
  }

  private PipelineResult launch(PipelineSpec spec, Runner runner, String... more) {
    List<String> options = new ArrayList<>(List.of(project.options()));
    options.addAll(List.of(more));
    return Launched.run(spec, runner, options);
  }

  private Path spec() throws IOException {
    return JsonPayments.write(
        folder,
        "pubsub:\n  subscription: " + PubsubProject.subscription("payments"),
        "{ pubsub: { topic: %s }, orderBy: customer }".formatted(PubsubProject.topic("decisions")),
        "{ pubsub: { topic: %s } }".formatted(PubsubProject.topic("letters")));
  }
}
