package dev.millrace.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.demo.Demo;
import dev.millrace.pipelines.demo.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on a real broker and registry: every record comes to exactly one end. */
class DemoIT {

  @TempDir private Path folder;

  private Summary run(Runner runner, long events) throws IOException {
    Demo demo =
        new Demo(
            Path.of(System.getProperty("millrace.root")),
            folder,
            events,
            7,
            0,
            runner.word(),
            RunnerArguments.of(runner).demoOptions());
    return demo.run(new PrintWriter(System.out, true, UTF_8));
  }

  private static void check(Summary summary, long events) {
    assertThat(summary.lost()).isZero();
    assertThat(summary.strangers()).isZero();
    assertThat(summary.decidedAgain()).isZero();
    assertThat(summary.events()).isEqualTo(events);
    assertThat(summary.decisions()).isEqualTo(summary.unique());
    assertThat(summary.duplicates()).isPositive();
    assertThat(summary.deadLetters().byReason())
        .containsOnlyKeys("EMPTY", "MALFORMED", "UNKNOWN_SCHEMA");
    long dead = summary.deadLetters().byReason().values().stream().mapToLong(n -> n).sum();
    assertThat(summary.unique() + summary.duplicates() + dead).isEqualTo(events);
    assertThat(summary.modelVersion()).startsWith("card-fraud/");
  }

  @Test
  void on_flink_every_payment_is_decided_once_and_every_bad_record_is_a_dead_letter()
      throws IOException {
    check(run(Runner.FLINK, 5_000), 5_000);
  }

  @Test
  void on_direct_every_payment_is_decided_once_and_every_bad_record_is_a_dead_letter()
      throws IOException {
    check(run(Runner.DIRECT, 1_000), 1_000);
  }
}
