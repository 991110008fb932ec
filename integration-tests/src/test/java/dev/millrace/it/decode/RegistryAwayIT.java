package dev.millrace.it.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.it.payments.PaymentPipeline;
import dev.millrace.it.payments.PaymentVersions;
import dev.millrace.it.payments.RunningPipeline;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that is away for a minute, while the pipeline runs on Flink. */
class RegistryAwayIT {

  private static final Duration AWAY = Duration.ofSeconds(60);

  /** Payments are a second apart: as fast as it goes, those that wait would be a day late. */
  private static final Duration PACE = Duration.ofMillis(100);

  @TempDir private Path folder;

  @Test
  void known_schemas_flow_unknown_ones_wait_and_nothing_is_lost() throws Exception {
    try (PaymentPipeline payments = new PaymentPipeline(folder)) {
      Path spec = payments.write("[]");
      try (RunningPipeline pipeline = RunningPipeline.start(spec, payments.environment())) {
        payments.send(PaymentVersions.FIRST, 0, 100);
        pipeline.awaitDecisions(100);
        payments.register(PaymentVersions.CURRENCY_ADDED);

        payments.registry.kill();
        long back = System.nanoTime() + AWAY.toNanos();
        int known = 100;
        int unknown = 0;
        while (System.nanoTime() < back) {
          payments.send(PaymentVersions.CURRENCY_ADDED, unknown, unknown + 2);
          payments.send(PaymentVersions.FIRST, known, known + 20);
          unknown += 2;
          known += 20;
          // Those behind the unknown ones are decided while these wait.
          pipeline.awaitDecisions(known);
          Thread.sleep(PACE.toMillis());
        }
        payments.registry.restart();

        pipeline.awaitDecisions(known + unknown);
        pipeline.decisions().forEach((id, all) -> assertThat(all).as(id).hasSize(1));
        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(pipeline.isRunning()).isTrue();
      }
    }
  }
}
