package dev.millrace.it.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipelines.cli.Millrace;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.RegistryServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped pipeline, launched by a profile on a cluster with the shipped configuration. */
class LaunchOnClusterIT {

  private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
  private static final String SPEC =
      ROOT.resolve("pipelines/card-fraud/card-fraud.yaml").toString();
  private static final int METRICS = 29_249;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static KafkaBroker kafka;
  private static RegistryServer registry;
  private static FlinkCluster cluster;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    kafka = KafkaBroker.start(folder);
    registry = RegistryServer.start(folder);
    for (String topic : List.of("transactions", "labels", "decisions", "deadletters")) {
      kafka.createTopic("card." + topic, 1, Map.of());
    }
    cluster =
        FlinkCluster.in(folder.resolve("flink"))
            .with("metrics.reporter.prom.port", METRICS + "-" + (METRICS + 1))
            .start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
    registry.close();
    kafka.close();
  }

  private int millrace(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command, SPEC));
    for (String stream : List.of("events", "labels")) {
      all.add(
          "--set=%s.from.kafka.bootstrapServers=%s".formatted(stream, kafka.bootstrapServers()));
      all.add("--set=%s.format.avro.registry=%s".formatted(stream, registry.url()));
    }
    all.addAll(Arrays.asList(more));
    return Millrace.run(
        new PrintWriter(out, true), new PrintWriter(errors, true), all.toArray(String[]::new));
  }

  private int run(String... more) {
    List<String> all = new ArrayList<>(List.of("--flinkMaster=" + cluster.address()));
    for (String sink : List.of("to", "deadLetters")) {
      all.add("--set=%s.kafka.bootstrapServers=%s".formatted(sink, kafka.bootstrapServers()));
    }
    all.addAll(Arrays.asList(more));
    return millrace("run", all.toArray(String[]::new));
  }

  @Test
  void a_profile_reaches_the_cluster_and_the_alerts_are_on_metrics_that_it_tells()
      throws IOException {
    assertThat(millrace("generate", "--events=2000", "--customers=100", "--malformed=0.02"))
        .as(errors.toString())
        .isZero();
    assertThat(run("--profile=latency", "--checkpointingInterval=700"))
        .as(errors.toString())
        .isZero();
    FlinkJob job = FlinkJob.newest(cluster.rest(), "card-fraud").orElseThrow();
    JsonNode checkpoints = cluster.rest().get("/jobs/" + job.id() + "/checkpoints/config");
    assertThat(checkpoints.path("interval").asInt()).isEqualTo(700);
    assertThat(checkpoints.path("min_pause").asInt()).isEqualTo(500);
    assertThat(checkpoints.path("tolerable_failed_checkpoints").asInt()).isEqualTo(10);
    assertThat(checkpoints.path("externalization").path("delete_on_cancellation").asBoolean())
        .isFalse();
    awaitMetrics(namesInAlerts());
    job.cancel();
  }

  @Test
  void a_launch_without_checkpoints_is_refused_and_no_job_is_there() throws IOException {
    assertThat(run("--jobName=refused", "--checkpointingInterval=-1")).isEqualTo(2);
    assertThat(errors.toString()).contains("refused to launch").contains("found no checkpoints");
    assertThat(FlinkJob.newest(cluster.rest(), "refused")).isEmpty();
  }

  private static Set<String> namesInAlerts() throws IOException {
    Set<String> names = new TreeSet<>();
    String alerts = Files.readString(ROOT.resolve("runners-config/flink/prometheus/alerts.yaml"));
    for (String line : alerts.lines().filter(l -> l.contains("expr:")).toList()) {
      Pattern.compile("flink_\\w+")
          .matcher(line)
          .results()
          .map(MatchResult::group)
          .forEach(names::add);
    }
    assertThat(names).hasSizeGreaterThan(10);
    names.removeAll(namesOfTrouble());
    return names;
  }

  /** Counters of the stages, which are there once they have counted something. */
  private static Set<String> namesOfTrouble() throws IOException {
    Set<String> names = new TreeSet<>();
    Pattern counter = Pattern.compile("StageCounter\\.of\\(\"(\\w+)\", \"(\\w+)\"\\)");
    try (Stream<Path> files = Files.walk(ROOT.resolve("transforms/src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        counter
            .matcher(Files.readString(file))
            .results()
            .forEach(
                found ->
                    names.add(
                        "flink_taskmanager_job_task_operator_%s_%s"
                            .formatted(found.group(1), found.group(2))));
      }
    }
    names.remove("flink_taskmanager_job_task_operator_decode_decoded");
    return names;
  }

  private static void awaitMetrics(Set<String> wanted) throws IOException {
    Set<String> missing = new TreeSet<>(wanted);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!missing.isEmpty()) {
      if (System.nanoTime() > deadline) {
        fail("after %s the cluster has told nothing of %s", PATIENCE, missing);
      }
      for (int port : new int[] {METRICS, METRICS + 1}) {
        try (InputStream told =
            URI.create("http://127.0.0.1:%d/metrics".formatted(port)).toURL().openStream()) {
          new String(told.readAllBytes(), UTF_8)
              .lines()
              .forEach(line -> missing.remove(line.split("[{ ]", 2)[0]));
        }
      }
    }
  }
}
