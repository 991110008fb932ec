package dev.millrace.it.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis as a feature store, on Flink: skipped where the machine has none. */
class FeatureStoreIT {

  private static final PaymentVersions PAYMENT = PaymentVersions.FIRST;
  private static final int CUSTOMERS = 7;
  private static final String PASSWORD = "canary-of-the-store";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Path secret;

  @BeforeEach
  void writeSecret() throws IOException {
    assumeTrue(RedisStand.isInstalled(), "SKIPPED: found no Redis; see install-servers");
    secret = Files.writeString(folder.resolve("password"), PASSWORD);
  }

  @Test
  void last_values_of_each_key_are_there_also_when_the_server_was_away() throws Exception {
    try (RedisStand redis = RedisStand.start(folder, PASSWORD);
        PaymentPipeline payments = new PaymentPipeline(folder)) {
      redis.putText("customer-3", "no hash");
      Path spec = write(payments, redis);
      try (RunningPipeline pipeline = RunningPipeline.start(spec, payments.environment())) {
        payments.send(PAYMENT, 0, 70);
        pipeline.awaitDecisions(70);
        await(redis, 69);

        redis.stop();
        payments.send(PAYMENT, 70, 140);
        // The bundle that met it waits.
        Thread.sleep(Duration.ofSeconds(4).toMillis());
        redis.start();

        pipeline.awaitDecisions(140);
        await(redis, 139);
        for (int customer = 0; customer < CUSTOMERS; customer++) {
          if (customer != 3) {
            assertThat(redis.hash("customer-" + customer)).isEqualTo(expected(133 + customer));
          }
        }
        // An older payment, in time for decisions, is not the last one.
        payments.send(PaymentVersions.CURRENCY_ADDED, 7, 8);
        pipeline.awaitDecisions(141);
        assertThat(redis.hash("customer-0")).isEqualTo(expected(133));

        assertThat(pipeline.awaitDeadLetters(20))
            .allSatisfy(
                letter -> {
                  assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
                  assertThat(letter.message()).startsWith("found another type of value");
                })
            .extracting(DeadLetter::eventId)
            .allSatisfy(id -> assertThat(number(id) % CUSTOMERS).isEqualTo(3));
        assertThat(pipeline.isRunning()).isTrue();
      }
    }
  }

  @Test
  void server_that_refuses_or_is_away_is_told_at_launch_with_its_place() throws Exception {
    try (RedisStand redis = RedisStand.start(folder, PASSWORD);
        PaymentPipeline payments = new PaymentPipeline(folder)) {
      Path spec = write(payments, redis);
      Files.writeString(secret, "wrong");
      assertThatThrownBy(() -> RunningPipeline.start(spec, payments.environment()))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("payments.yaml:17:")
          .hasMessageContaining("found a login that it refuses")
          .hasMessageNotContaining("wrong ");
      redis.stop();
      assertThatThrownBy(() -> RunningPipeline.start(spec, payments.environment()))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("found no answer (");
    }
  }

  private Path write(PaymentPipeline payments, RedisStand redis) throws IOException {
    return payments.write(
        "[]",
        """
            to:
              - kafka: { topic: decisions }
              - redis:
                  url: %s
                  password: "secret:file:%s"
                  key: "customer:{customer}"
                  columns: [payments_1d, amount, decision, note]
                  expire: 1h
            """
            .formatted(redis.url(), secret));
  }

  private static Map<String, String> expected(int number) {
    return Map.of(
        "event_id", PAYMENT.id(number),
        "event_time", "" + (PaymentVersions.START + 1_000L * number),
        "payments_1d", "" + (number / CUSTOMERS + 1),
        "amount", "" + PaymentVersions.amount(PAYMENT, number),
        "decision", number >= 100 ? "REVIEW" : "APPROVE",
        "note", "note " + number);
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
  }

  /** Until the last payment of that number's customer is there. */
  private static void await(RedisStand redis, int number) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String customer = "customer-" + number % CUSTOMERS;
    while (!PAYMENT.id(number).equals(redis.hash(customer).get("event_id"))) {
      assertThat(System.nanoTime()).as("time for payment %d", number).isLessThan(deadline);
      Thread.sleep(100);
    }
  }
}
