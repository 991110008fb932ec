package dev.millrace.it.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.transport.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker's password, and all that a cluster shows and writes of a job that uses it. */
class ClusterSecretsIT {

  private static final String CANARY = "canary-93b0d4";
  private static final KafkaBroker.Login LOGIN = new KafkaBroker.Login("millrace", CANARY);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What Flink's web UI shows of a job, its cluster and its processes. */
  private static final List<String> SHOWN =
      List.of(
          "/jobs/JOB",
          "/jobs/JOB/config",
          "/jobs/JOB/plan",
          "/jobs/JOB/exceptions",
          "/jobs/JOB/accumulators",
          "/jobs/JOB/checkpoints",
          "/jobs/JOB/checkpoints/config",
          "/jobmanager/config",
          "/jobmanager/environment",
          "/jobs/overview",
          "/config");

  @TempDir private Path folder;

  @Test
  void password_is_nowhere_in_the_web_ui_the_logs_or_the_checkpoints() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), CANARY);
    try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"), LOGIN);
        FlinkCluster cluster = FlinkCluster.in(folder.resolve("flink")).start()) {
      for (String topic : List.of("payments", "decisions", "deadletters")) {
        broker.createTopic(topic, 1, Map.of());
      }
      FlinkJob job = launch(cluster, spec(broker, password));
      Map<String, Object> client = client(broker, password);
      try (Producer<byte[], byte[]> producer = KafkaClients.producer(client)) {
        producer.send(new ProducerRecord<>("payments", payment().getBytes(UTF_8))).get();
      }
      assertThat(firstDecision(client)).contains("p-1");
      awaitCheckpoint(job);
      // After a failure more is told than before.
      cluster.taskManager(0).kill();
      cluster.taskManager(0).restart();
      job.awaitRunning(PATIENCE);

      Map<String, String> shown = shown(job);
      assertThat(shown.get("/jobs/JOB/config")).contains("\"jobName\":\"secrets\"");
      assertThat(shown).allSatisfy((page, text) -> assertThat(text).doesNotContain(CANARY));
      Map<Path, String> written = written(folder.resolve("flink"));
      assertThat(written.keySet())
          .anyMatch(file -> file.endsWith("_metadata"))
          .anyMatch(file -> file.endsWith("jobmanager.log"))
          .anyMatch(file -> file.endsWith("taskmanager0.log"));
      assertThat(written).allSatisfy((file, text) -> assertThat(text).doesNotContain(CANARY));
    }
  }

  private static String payment() {
    return "{\"id\": \"p-1\", \"at\": 1577836800000, \"amount\": 12.5}";
  }

  private Path spec(KafkaBroker broker, Path password) throws IOException {
    Files.writeString(
        folder.resolve("payment.avsc"),
        """
        {"type": "record", "name": "Payment", "fields": [
          {"name": "id", "type": "string"},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "amount", "type": "double"}]}
        """);
    StringBuilder settings = new StringBuilder();
    LOGIN
        .settings("secret:file:" + password)
        .forEach((name, value) -> settings.append("%s: '%s', ".formatted(name, value)));
    String kafka =
        "{ kafka: { bootstrapServers: \"%s\", settings: { %s }, topic: "
            .formatted(broker.bootstrapServers(), settings);
    return Files.writeString(
        folder.resolve("secrets.yaml"),
        """
        pipeline: secrets
        events:
          from: FROMpayments } }
          format: { json: { contract: payment.avsc } }
          id: id
          eventTime: at
        decide: { field: decision, rules: [ { when: "amount > 100.0", then: REVIEW } ], otherwise: APPROVE }
        to: FROMdecisions } }
        deadLetters: FROMdeadletters } }
        """
            .replace("FROM", kafka));
  }

  private static FlinkJob launch(FlinkCluster cluster, Path spec) throws IOException {
    Pipeline pipeline =
        Pipeline.create(
            RunnerArguments.of(Runner.FLINK, "--flinkMaster=" + cluster.address())
                .withProfile("latency")
                .streamOptions("--jobName=secrets"));
    new Assembly(
            pipeline,
            PipelinePlan.of(
                PipelineSpecReader.read(spec, Overrides.parse(List.of()), System::getenv)))
        .decisions();
    pipeline.run();
    FlinkJob job = FlinkJob.newest(cluster.rest(), "secrets").orElseThrow();
    job.awaitRunning(PATIENCE);
    return job;
  }

  private static Map<String, Object> client(KafkaBroker broker, Path password) {
    Map<String, Object> all = new HashMap<>(LOGIN.settings("secret:file:" + password));
    all.put("bootstrap.servers", broker.bootstrapServers());
    all.put("group.id", "reader");
    all.put("auto.offset.reset", "earliest");
    return all;
  }

  private static String firstDecision(Map<String, Object> client) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (Consumer<byte[], byte[]> consumer = KafkaClients.consumer(client)) {
      consumer.subscribe(List.of("decisions"));
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          return new String(record.key(), UTF_8);
        }
      }
    }
    return "nothing";
  }

  private static void awaitCheckpoint(FlinkJob job) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long enough = job.checkpoints() + 2;
    while (job.checkpoints() < enough && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
  }

  private static Map<String, String> shown(FlinkJob job) throws IOException {
    Map<String, String> shown = new TreeMap<>();
    for (String page : SHOWN) {
      shown.put(page, job.rest().get(page.replace("JOB", job.id())).toString());
    }
    for (JsonNode vertex : job.rest().get("/jobs/" + job.id()).path("vertices")) {
      String page = "/jobs/" + job.id() + "/vertices/" + vertex.path("id").asText();
      shown.put(page, job.rest().get(page).toString());
    }
    return shown;
  }

  /** Every file of the cluster but the jars that it was given, which hold no configuration. */
  private static Map<Path, String> written(Path folder) throws IOException {
    Map<Path, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        if (Files.size(each) < 64 << 20) {
          all.put(each, Files.readString(each, ISO_8859_1));
        }
      }
    }
    return all;
  }
}
