package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.KinesisLocal;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.PipelineResult;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesis.model.Record;

/** Kinesis by kinesis-local: skipped where the machine has none. */
class KinesisIT {

  private static final int PAYMENTS = 200;
  private static final Duration IDLE = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private KinesisStreams streams;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        KinesisLocal.home().isPresent(),
        "SKIPPED: no kinesis-local: integration-tests/install-servers did not install it, and"
            + " MILLRACE_KINESIS_LOCAL names none");
    streams = new KinesisStreams(folder).with(2, "payments", "decisions").with(1, "letters");
  }

  @AfterEach
  void stop() {
    if (streams != null) {
      streams.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK"})
  void every_payment_is_decided_once_and_what_cannot_be_read_is_a_dead_letter(Runner runner)
      throws Exception {
    PipelineSpec spec = Launched.read(spec());
    List<String> payments = JsonPayments.payments(0, PAYMENTS);
    streams.putEach("payments", payments.subList(0, 100));
    PipelineResult running = launch(spec, runner);
    try {
      // Packed into one record, with some that were put before.
      streams.putAggregated("payments", payments.subList(80, PAYMENTS));
      streams.putEach("payments", List.of("{\"id\":"));
      List<Record> decisions = streams.drain("decisions", IDLE, PAYMENTS);
      assertThat(decided(spec, decisions)).isEqualTo(JsonPayments.expected(PAYMENTS));
      assertThat(decisions).hasSize(PAYMENTS);
      List<Record> letters = streams.drain("letters", Duration.ofSeconds(2));
      DeadLetter letter = DeadLetterAvro.read(letters.get(0).data().asByteArray(), 10);
      assertThat(letters).hasSize(1);
      assertThat(letter.reason()).isEqualTo(Reason.MALFORMED);
      assertThat(letter.payload()).isEqualTo("{\"id\":".getBytes(UTF_8));
      assertThat(letter.origin().transport()).isEqualTo("kinesis");
      assertThat(letter.origin().source()).isEqualTo("payments");
      assertThat(letter.origin().message()).matches("[0-9]{40,}");
    } finally {
      running.cancel();
    }
  }

  @Test
  void shards_that_are_split_and_merged_lose_and_repeat_nothing() throws Exception {
    PipelineSpec spec = Launched.read(spec());
    PipelineResult running = launch(spec, Runner.FLINK, "--parallelism=2");
    try {
      streams.putEach("payments", JsonPayments.payments(0, 50));
      streams.split("payments");
      streams.putEach("payments", JsonPayments.payments(50, 100));
      streams.merge("payments");
      streams.putEach("payments", JsonPayments.payments(100, 150));
      streams.merge("payments");
      streams.putEach("payments", JsonPayments.payments(150, PAYMENTS));
      List<Record> decisions = streams.drain("decisions", IDLE, PAYMENTS);
      assertThat(decided(spec, decisions)).isEqualTo(JsonPayments.expected(PAYMENTS));
      assertThat(decisions).hasSize(PAYMENTS);
      assertThat(streams.drain("letters", Duration.ofSeconds(1))).isEmpty();
    } finally {
      running.cancel();
    }
  }

  @Test
  void what_a_killed_worker_had_is_read_again_and_decided_alike() throws Exception {
    try (FlinkCluster cluster = FlinkCluster.in(folder.resolve("flink")).start()) {
      PipelineSpec spec = Launched.read(spec());
      launch(
          spec, Runner.FLINK, "--flinkMaster=" + cluster.address(), "--checkpointingInterval=5000");
      FlinkJob job = FlinkJob.newest(cluster.rest(), "card-fraud").orElseThrow();
      job.awaitRunning(PATIENCE);
      List<Record> decisions = new ArrayList<>();
      for (int part = 0; part < 4; part++) {
        boolean killed = part == 1 || part == 2;
        if (killed) {
          streams.split("payments");
        }
        streams.putEach(
            "payments", JsonPayments.payments(part * PAYMENTS / 4, (part + 1) * PAYMENTS / 4));
        // Killed between the first decisions and the checkpoint that would hold them.
        decisions.addAll(streams.drain("decisions", Duration.ZERO, 1));
        if (killed) {
          cluster.taskManager(0).kill();
          cluster.taskManager(0).restart();
          job.awaitRunning(PATIENCE);
        }
      }
      decisions.addAll(streams.drain("decisions", Duration.ofSeconds(20)));
      assertThat(decided(spec, decisions)).isEqualTo(JsonPayments.expected(PAYMENTS));
      assertThat(streams.drain("letters", Duration.ofSeconds(1))).isEmpty();
      System.out.printf(
          "two kills: %,d payments, %,d decisions that repeat one before%n",
          PAYMENTS, decisions.size() - PAYMENTS);
      job.cancel();
    }
  }

  /** Of a shard that is closed while it is read so, kinesis-local does not tell the end. */
  @Test
  void a_consumer_is_given_records_as_they_come() throws Exception {
    String arn = streams.consumer("payments", "millrace");
    PipelineSpec spec =
        Launched.read(
            JsonPayments.write(
                folder,
                "kinesis: { %s, consumer: \"%s\" }".formatted(streams.spec("payments"), arn),
                "{ kinesis: { stream: decisions } }",
                "{ kinesis: { stream: letters } }"));
    PipelineResult running = launch(spec, Runner.FLINK);
    try {
      streams.putEach("payments", JsonPayments.payments(0, PAYMENTS));
      List<Record> decisions = streams.drain("decisions", IDLE, PAYMENTS);
      assertThat(decided(spec, decisions)).isEqualTo(JsonPayments.expected(PAYMENTS));
      assertThat(decisions).hasSize(PAYMENTS);
    } finally {
      running.cancel();
    }
  }

  @Test
  void what_is_not_there_is_told_at_launch_with_its_place() throws Exception {
    Path file = spec();
    launching(file, "events.from.kinesis.stream=payment")
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("Kinesis stream 'payment' in eu-west-1: found ResourceNotFound")
        .hasMessageContaining("is its region right?");
    launching(file, "events.from.kinesis.region=eu-west-2")
        .hasMessageContaining("Kinesis stream 'payments' in eu-west-2: found ResourceNotFound");
    launching(file, "to.kinesis.stream=decision")
        .hasMessageContaining("payments.yaml:13:1: ")
        .hasMessageContaining("stream 'decision'");
    launching(file, "events.from.kinesis.secretKey=secret:env:NO_SUCH_VARIABLE")
        .hasMessageContaining("secret:env:NO_SUCH_VARIABLE: found no such variable");
    streams.close();
    launching(file, "pipeline=payments")
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("found no answer from http://127.0.0.1:");
  }

  @ParameterizedTest
  @CsvSource({
    "UnrecognizedClientException, expected credentials that it knows",
    "AccessDeniedException, expected who may kinesis:DescribeStreamSummary"
  })
  void what_is_refused_is_told_at_launch_with_its_remedy(String error, String remedy)
      throws Exception {
    HttpServer refusing =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    refusing.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("x-amzn-ErrorType", error);
          exchange.sendResponseHeaders(400, -1);
          exchange.close();
        });
    refusing.start();
    try {
      launching(
              spec(),
              "events.from.kinesis.endpoint=http://127.0.0.1:" + refusing.getAddress().getPort())
          .hasMessageContaining("payments.yaml:4:5: ")
          .hasMessageContaining("found " + error)
          .hasMessageContaining(remedy);
    } finally {
      refusing.stop(0);
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> launching(Path file, String override) {
    return assertThatThrownBy(() -> launch(Launched.read(file, override), Runner.DIRECT).cancel())
        .isInstanceOf(SpecException.class);
  }

  private static Map<String, Set<String>> decided(PipelineSpec spec, List<Record> decisions)
      throws IOException {
    return JsonPayments.decided(
        spec, decisions, record -> record.data().asByteArray(), Record::partitionKey);
  }

  private static PipelineResult launch(PipelineSpec spec, Runner runner, String... more) {
    return Launched.run(spec, runner, List.of(more));
  }

  private Path spec() throws IOException {
    return JsonPayments.write(
        folder,
        "kinesis: { %s, poll: 50ms }".formatted(streams.spec("payments")),
        "{ kinesis: { stream: decisions } }",
        "{ kinesis: { stream: letters } }");
  }
}
