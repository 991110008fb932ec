package dev.millrace.it.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.Millrace;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.FlinkRest;
import dev.millrace.pipelines.services.FreePort;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.RegistryServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped pipeline, with its model, on a cluster that the command line started. */
class ClusterIT {

  private static final long PAYMENTS = 500;
  private static final String SPEC =
      Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud/card-fraud.yaml")
          .toString();

  @TempDir private Path folder;
  private KafkaBroker kafka;
  private RegistryServer registry;

  @BeforeEach
  void start() throws IOException {
    kafka = KafkaBroker.start(folder);
    registry = RegistryServer.start(folder);
    for (String topic :
        List.of("card.transactions", "card.labels", "card.decisions", "card.deadletters")) {
      kafka.createTopic(topic, 1, Map.of());
    }
  }

  @AfterEach
  void stop() {
    millrace("cluster", "stop", "--folder=" + folder.resolve("flink"));
    registry.close();
    kafka.close();
  }

  /**
   * TensorFlow's native library cannot be loaded twice by one process: it must be the cluster's and
   * not the job's.
   */
  @Test
  void a_second_job_on_the_same_task_manager_has_its_model_too() throws Exception {
    String address = "127.0.0.1:" + FreePort.pick();
    String flink = "--folder=" + folder.resolve("flink");
    String port = "--port=" + address.substring(address.indexOf(':') + 1);
    assertThat(millrace("cluster", "start", flink, port, "--slots=1"))
        .contains("Flink at " + address);
    assertThat(millrace("cluster", "status", flink))
        .contains("2 processes, 1 TaskManagers, 1 of 1 slots free");
    millrace(onTheseServers("generate", "--events=" + PAYMENTS, "--customers=50"));
    for (int submission = 1; submission <= 2; submission++) {
      String[] run =
          onTheseServers("run", "--flinkMaster=" + address, "--checkpointingInterval=1000");
      assertThat(millrace(run)).containsPattern("job [0-9a-f]{32} runs: http://" + address);
      awaitDecisions(submission * PAYMENTS);
      assertThat(millrace("cluster", "status", flink)).contains("RUNNING").contains("card-fraud");
      FlinkJob job = FlinkJob.newest(FlinkRest.of(address), "card-fraud").orElseThrow();
      job.cancel();
      while (!job.state().equals("CANCELED")) {
        Thread.onSpinWait();
      }
    }
    // The same TaskManager as at first: neither job took it down.
    assertThat(FlinkRest.of(address).get("/taskmanagers").toString()).contains("taskmanager0-1");
  }

  private void awaitDecisions(long expected) throws ExecutionException, InterruptedException {
    TopicPartition decisions = new TopicPartition("card.decisions", 0);
    long deadline = System.nanoTime() + 120_000_000_000L;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      long found = -1;
      while (found < expected && System.nanoTime() < deadline) {
        found =
            admin
                .listOffsets(Map.of(decisions, OffsetSpec.latest()))
                .partitionResult(decisions)
                .get()
                .offset();
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  private String[] onTheseServers(String command, String... options) {
    List<String> all = new ArrayList<>(List.of(command, SPEC));
    for (String stream : List.of("events", "labels")) {
      all.add("--set=" + stream + ".from.kafka.bootstrapServers=" + kafka.bootstrapServers());
      all.add("--set=" + stream + ".format.avro.registry=" + registry.url());
    }
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  private static String millrace(String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter errors = new PrintWriter(System.err, true, UTF_8);
    assertThat(Millrace.run(new PrintWriter(out, true), errors, arguments))
        .as("exit code")
        .isZero();
    return out.toString();
  }
}
