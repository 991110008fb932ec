package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.it.registry.Certificates;
import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.deadletters.DeadLetterTopic;
import dev.millrace.pipelines.decisions.DecisionTopic;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.transport.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Kafka endpoint of Event Hubs, as a broker that asks for the same logins over TLS. */
class EventHubsIT {

  private static final int PAYMENTS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private TokenServer tokens;
  private HubsNamespace namespace;
  private KafkaBroker broker;

  @BeforeEach
  void start() throws Exception {
    tokens = TokenServer.start(folder, "of-the-client");
    namespace = new HubsNamespace(Certificates.in(folder), tokens);
    broker = KafkaBroker.start(folder, namespace);
    for (String hub : List.of("payments", "decisions", "deadletters")) {
      broker.createTopic(hub, 1, Map.of());
    }
    Files.writeString(folder.resolve("connection-string"), HubsNamespace.CONNECTION_STRING + "\n");
    Files.writeString(folder.resolve("client-secret"), "of-the-client\n");
  }

  @AfterEach
  void stop() {
    broker.close();
    tokens.close();
  }

  @Test
  void a_pipeline_runs_by_a_connection_string() throws Exception {
    decidesEveryPayment(spec("connectionString: secret:file:connection-string"));
  }

  @Test
  void a_pipeline_runs_as_an_application() throws Exception {
    decidesEveryPayment(spec(application("client-secret")));
  }

  @Test
  void what_is_refused_is_told_at_launch_with_its_place() throws Exception {
    Files.writeString(folder.resolve("other"), "another");
    launching(spec("connectionString: secret:file:other"))
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("found a login that it refuses")
        .hasMessageNotContaining("another");
    launching(spec(application("other")))
        .hasMessageContaining("payments.yaml:4:5: ")
        .hasMessageContaining("found no token")
        .hasMessageNotContaining("another");
    launching(spec("connectionString: secret:file:connection-string"), "hub=payment")
        .hasMessageContaining("Kafka topic 'payment' does not exist")
        .hasMessageContaining("(did you mean 'payments'?)");
    launching(
            spec("connectionString: secret:file:connection-string"),
            "settings.ssl.truststore.location="
                + Certificates.in(Files.createDirectory(folder.resolve("more"))).trustIn("server"))
        .hasMessageContaining("found no TLS connection that can be trusted");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> launching(Path spec, String... changes) {
    List<String> overrides = new ArrayList<>();
    for (String change : changes) {
      overrides.add("events.from.eventHubs." + change);
    }
    return assertThatThrownBy(() -> launch(read(spec, overrides)).cancel())
        .isInstanceOf(SpecException.class);
  }

  private void decidesEveryPayment(Path file) throws Exception {
    PipelineSpec spec = read(file, List.of());
    send(spec);
    PipelineResult running = launch(spec);
    try {
      List<String> decided = new ArrayList<>();
      DecisionTopic.of(PipelinePlan.of(spec))
          .read(
              true,
              PATIENCE,
              (decision, millis) -> {
                decided.add(decision.get("event_id") + " " + decision.get("decision"));
                return decided.size() < PAYMENTS;
              });
      assertThat(decided).containsExactlyInAnyOrderElementsOf(expected());
      assertThat(firstDeadLetters(spec)).containsExactly(Reason.MALFORMED);
    } finally {
      running.cancel();
    }
  }

  private static List<String> expected() {
    return IntStream.range(0, PAYMENTS)
        .mapToObj(i -> "p-%d %s".formatted(i, JsonPayments.decision(i)))
        .toList();
  }

  private static List<Reason> firstDeadLetters(PipelineSpec spec) throws IOException {
    DeadLetterTopic topic = new DeadLetterTopic(spec.deadLetterTopic().orElseThrow());
    List<Reason> reasons = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (reasons.isEmpty() && System.nanoTime() < deadline) {
      topic.read(letter -> reasons.add(letter.reason()));
    }
    return reasons;
  }

  private static PipelineResult launch(PipelineSpec spec) throws IOException {
    Pipeline pipeline = Pipeline.create(RunnerArguments.of(Runner.FLINK).demoOptions());
    new Assembly(pipeline, PipelinePlan.of(spec)).decisions();
    return pipeline.run();
  }

  private void send(PipelineSpec spec) throws Exception {
    Map<String, Object> settings =
        new HashMap<>(spec.events().from().asKafka().orElseThrow().settings());
    settings.put("bootstrap.servers", broker.bootstrapServers());
    try (Producer<byte[], byte[]> producer = KafkaClients.producer(settings)) {
      producer.send(new ProducerRecord<>("payments", "{\"id\":".getBytes(UTF_8))).get();
      for (int i = 0; i < PAYMENTS; i++) {
        String payment = JsonPayments.payment(i);
        producer.send(new ProducerRecord<>("payments", payment.getBytes(UTF_8))).get();
      }
    }
  }

  private String application(String secret) {
    return "oauth: { tenant: tenant-1, client: %s, secret: secret:file:%s }"
        .formatted(TokenServer.CLIENT, secret);
  }

  private static PipelineSpec read(Path file, List<String> overrides) {
    return PipelineSpecReader.read(file, Overrides.parse(overrides), System::getenv);
  }

  private Path spec(String login) throws IOException {
    Map<String, String> trust = namespace.trust(namespace.certificates().password().reference());
    return JsonPayments.write(
        folder,
        """
        eventHubs:
          namespace: %s
          hub: payments
          %s
          settings:
            ssl.truststore.type: PKCS12
            ssl.truststore.location: %s
            ssl.truststore.password: %s
            sasl.oauthbearer.token.endpoint.url: %s
        """
            .formatted(
                broker.bootstrapServers(),
                login.replace("secret:file:", "secret:file:" + folder + "/"),
                trust.get("ssl.truststore.location"),
                trust.get("ssl.truststore.password"),
                tokens.url()),
        "{ eventHubs: { hub: decisions } }",
        "{ eventHubs: { hub: deadletters } }");
  }
}
