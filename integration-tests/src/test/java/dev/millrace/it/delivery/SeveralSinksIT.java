package dev.millrace.it.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.it.payments.PaymentPipeline;
import dev.millrace.it.payments.PaymentVersions;
import dev.millrace.it.payments.RunningPipeline;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions that go to two topics and a web service, each by its own condition, on Flink. */
class SeveralSinksIT {

  /** Of as many euros as its number is; from 100 on it is reviewed. */
  private static final PaymentVersions PAYMENT = PaymentVersions.FIRST;

  private static final int REVIEWED_FROM = 100;
  private static final String REFUSED = PAYMENT.id(113);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Path token;

  @BeforeEach
  void writeToken() throws IOException {
    token = Files.writeString(folder.resolve("token"), "Bearer let-me-in\n");
  }

  @Test
  void each_sink_has_its_own_and_a_service_that_is_away_loses_nothing() throws Exception {
    try (PaymentPipeline payments = new PaymentPipeline(folder);
        AlertService service = AlertService.start(folder)) {
      payments.broker.createTopic("large", 1, Map.of());
      Path spec = severalSinks(payments, service);
      try (RunningPipeline pipeline =
          RunningPipeline.start(spec, payments.environment(), "--checkpointingInterval=1000")) {
        payments.send(PAYMENT, 0, 150);
        pipeline.awaitDecisions(150);
        awaitAlerts(service, 49);

        service.kill();
        payments.send(PAYMENT, 150, 200);
        // Longer than a post is tried again: bundles fail meanwhile, and the job goes back.
        Thread.sleep(Duration.ofSeconds(6).toMillis());
        service.restart();
        payments.send(PAYMENT, 200, 250);

        pipeline.awaitDecisions(250);
        awaitAlerts(service, 149);
        Map<String, List<String>> alerts = service.alerts();
        assertThat(alerts.keySet()).containsExactlyInAnyOrderElementsOf(expectedKeys());
        alerts.forEach(
            (key, bodies) ->
                assertThat(bodies)
                    .as("%s: the same however often it came", key)
                    .allSatisfy(
                        body ->
                            assertThat(body)
                                .isEqualTo(bodies.get(0))
                                .contains("\"decision\":\"REVIEW\"")
                                .doesNotContain("let-me-in")));
        try (Readings large =
            new Readings(payments.broker.bootstrapServers(), "large", "read_uncommitted")) {
          large.until(50, Duration.ofSeconds(20)).untilIdle(Duration.ofSeconds(1));
          assertThat(large.valuesOfKey().keySet())
              .containsExactlyInAnyOrderElementsOf(ids(200, 250));
        }
        List<DeadLetter> letters = pipeline.awaitDeadLetters(1);
        assertThat(letters)
            .allSatisfy(
                letter -> {
                  assertThat(letter.eventId()).isEqualTo(REFUSED);
                  assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
                  assertThat(letter.message()).contains("found answer 422 to the decision");
                });
        int posts = alerts.values().stream().mapToInt(List::size).sum();
        System.out.printf(
            "a web service away for 6 s: %d alerts, each there; %d posts repeat one before%n",
            alerts.size(), posts - alerts.size());
        assertThat(pipeline.isRunning()).isTrue();
      }
    }
  }

  @Test
  void service_that_lets_nobody_in_or_is_away_is_told_at_launch_with_its_place() throws Exception {
    try (PaymentPipeline payments = new PaymentPipeline(folder);
        AlertService service = AlertService.start(folder)) {
      payments.broker.createTopic("large", 1, Map.of());
      Path spec = severalSinks(payments, service);
      Files.writeString(token, "Bearer wrong\n");
      assertThatThrownBy(() -> RunningPipeline.start(spec, payments.environment()))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("payments.yaml:18:")
          .hasMessageContaining("found answer 401, expected to be let in");
      service.kill();
      assertThatThrownBy(() -> RunningPipeline.start(spec, payments.environment()))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("found it unreachable");
    }
  }

  private Path severalSinks(PaymentPipeline payments, AlertService service) throws IOException {
    return payments.write(
        "[]",
        """
            to:
              - kafka: { topic: decisions }
              - when: decision == 'REVIEW'
                http:
                  url: %s
                  headers: { Authorization: "secret:file:%s" }
                  retryFor: 2s
              - { when: amount >= 200.0, kafka: { topic: large, delivery: exactlyOnce } }
            """
            .formatted(service.url(), token));
  }

  private static void awaitAlerts(AlertService service, int count) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (service.alerts().size() < count) {
      assertThat(System.nanoTime())
          .as("%d alerts of %d after %s", service.alerts().size(), count, PATIENCE)
          .isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private static List<String> expectedKeys() {
    List<String> ids = new ArrayList<>(ids(REVIEWED_FROM, 250));
    ids.remove(REFUSED);
    return ids.stream().map(id -> "\"payments/" + id + "\"").toList();
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(PAYMENT::id).toList();
  }
}
