package dev.millrace.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.it.payments.PaymentPipeline;
import dev.millrace.it.payments.PaymentVersions;
import dev.millrace.it.payments.RunningPipeline;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that goes on from its savepoint with one feature more, and with more and fewer tasks. */
class UpgradeIT {

  private static final PaymentVersions VERSION = PaymentVersions.AMOUNT_PROMOTED;
  private static final int CUSTOMERS = 7;
  private static final int EACH = 70;

  @TempDir private Path folder;

  @Test
  void what_was_counted_goes_on_and_a_new_feature_starts_empty() throws Exception {
    try (PaymentPipeline payments = new PaymentPipeline(folder);
        FlinkCluster cluster = FlinkCluster.in(folder.resolve("flink")).start()) {
      Path spec = payments.write("[]");
      String savepoint = run(payments, cluster, spec, 0, "--parallelism=1");

      Files.writeString(
          spec,
          Files.readString(spec)
              .replace("payments_1d:", "amount_1d: { sum: amount, over: 1d }\n      payments_1d:"));
      assertThat(logs()).doesNotContain("starts empty");
      savepoint =
          run(payments, cluster, spec, 1, "--parallelism=2", "--savepointPath=" + savepoint);
      assertThat(logs()).contains("feature 'amount_1d' is not in the state that was restored");
      assertThat(logs()).doesNotContain("feature 'payments_1d'");
      run(payments, cluster, spec, 2, "--parallelism=1", "--savepointPath=" + savepoint);
    }
  }

  /** All that the cluster's processes said. */
  private String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder.resolve("flink"))) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
        all.append(Files.readString(log));
      }
    }
    return all.toString();
  }

  /** Sends the next payments, looks at all decisions so far, and stops with a savepoint. */
  private String run(
      PaymentPipeline payments, FlinkCluster cluster, Path spec, int part, String... more)
      throws Exception {
    List<String> options = new ArrayList<>(List.of(more));
    options.add("--flinkMaster=" + cluster.address());
    options.add("--jobName=payments");
    options.add("--checkpointingInterval=500");
    try (RunningPipeline pipeline =
        RunningPipeline.start(spec, payments.environment(), options.toArray(String[]::new))) {
      FlinkJob job = FlinkJob.newest(cluster.rest(), "payments").orElseThrow();
      job.awaitRunning(Duration.ofMinutes(1));
      payments.send(VERSION, part * EACH, (part + 1) * EACH);
      pipeline.awaitDecisions((part + 1) * EACH);
      pipeline.decisions().forEach((id, all) -> assertThat(all).as(id).hasSize(1));
      pipeline.decisions().values().forEach(all -> check(all.get(0)));
      assertThat(pipeline.deadLetters()).isEmpty();
      return job.stopWithSavepoint();
    }
  }

  private static void check(GenericRecord decision) {
    String id = decision.get("event_id").toString();
    int i = Integer.parseInt(id.substring(id.indexOf('-') + 1));
    assertThat(decision.get("payments_1d")).as(id).isEqualTo(i / CUSTOMERS + 1L);
    if (i >= EACH) {
      double sum = 0;
      for (int earlier = i; earlier >= EACH; earlier -= CUSTOMERS) {
        sum += PaymentVersions.amount(VERSION, earlier);
      }
      assertThat(decision.get("amount_1d")).as(id).isEqualTo(sum);
    }
  }
}
