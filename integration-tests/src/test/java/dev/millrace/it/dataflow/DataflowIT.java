package dev.millrace.it.dataflow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.it.transport.PubsubProject;
import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.PubsubEmulator;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.vendor.grpc.v1p69p0.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.SnappyInputStream;

/**
 * The card-fraud pipeline as Dataflow is given it, by both of its runners: the job's description of
 * the first, and the portable pipeline that is staged for both. No project of Google's is asked.
 */
class DataflowIT {

  private static final String CANARY = "canary-7f31c9";
  private static final KafkaBroker.Login LOGIN = new KafkaBroker.Login("millrace", CANARY);
  private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
  private static final List<String> KEYED =
      List.of("History of customer_id", "History of terminal_id");

  @TempDir private Path folder;
  private KafkaBroker broker;
  private RegistryServer registry;

  /** What was made of a pipeline. */
  private record Translation(JsonNode job, RunnerApi.Pipeline pipeline, String text) {

    List<JsonNode> steps() {
      return StreamSupport.stream(job.path("steps").spliterator(), false)
          .map(step -> step.path("properties"))
          .toList();
    }

    /** The steps of the first runner, by the names that an update maps by. */
    Set<String> names() {
      return steps().stream()
          .map(step -> said(step, "user_name"))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What functions with state say of themselves in the portable pipeline. */
    List<RunnerApi.ParDoPayload> stateful() throws IOException {
      List<RunnerApi.ParDoPayload> all = new ArrayList<>();
      for (RunnerApi.PTransform each : pipeline.getComponents().getTransformsMap().values()) {
        if (each.getSpec().getUrn().equals("beam:transform:pardo:v1")) {
          RunnerApi.ParDoPayload payload =
              RunnerApi.ParDoPayload.parseFrom(each.getSpec().getPayload());
          if (payload.getStateSpecsCount() > 0
              && KEYED.stream().anyMatch(each.getUniqueName()::contains)) {
            all.add(payload);
          }
        }
      }
      return all;
    }
  }

  @BeforeEach
  void start() throws IOException {
    broker = KafkaBroker.start(folder.resolve("kafka"), LOGIN);
    registry = RegistryServer.start(folder.resolve("registry"));
    Files.writeString(folder.resolve("password"), CANARY);
    for (String topic :
        List.of("card.transactions", "card.labels", "card.decisions", "card.deadletters")) {
      broker.createTopic(topic, 1, Map.of());
    }
  }

  @AfterEach
  void stop() {
    registry.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "use_runner_v2"})
  void card_fraud_over_kafka_is_translated_with_its_state_and_timers_and_no_secret(
      String experiments) throws IOException {
    Translation translation = translate(kafka(), experiments);
    checkState(translation);
    assertThat(translation.text()).doesNotContain(CANARY).contains("secret:file:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "use_runner_v2"})
  void card_fraud_over_pubsub_is_read_by_the_service_by_its_id_and_its_timestamp(String experiments)
      throws IOException {
    assumeTrue(PubsubEmulator.jar().isPresent(), "SKIPPED: no Pub/Sub emulator");
    try (PubsubProject project =
        new PubsubProject(PubsubEmulator.start(folder.resolve("pubsub")))
            .with("transactions", "decisions", "letters")) {
      List<String> more = new ArrayList<>(List.of(project.options()));
      Translation translation = translate(pubsub(), experiments, more.toArray(String[]::new));
      checkState(translation);
      if (experiments.isEmpty()) {
        JsonNode read =
            translation.steps().stream()
                .filter(step -> step.has("pubsub_subscription"))
                .findFirst()
                .orElseThrow();
        assertThat(said(read, "pubsub_subscription"))
            .isEqualTo("/subscriptions/test-project/transactions");
        assertThat(said(read, "pubsub_id_label")).isEqualTo("transaction_id");
        assertThat(said(read, "pubsub_timestamp_label")).isEqualTo("occurred_at");
      } else {
        assertThat(translation.text())
            .contains("beam:transform:pubsub_read:v1")
            .contains("transaction_id")
            .contains("occurred_at");
      }
    }
  }

  @Test
  void a_feature_more_leaves_the_names_of_all_that_an_update_keeps() throws IOException {
    Path spec = kafka();
    Set<String> before = translate(spec, "").names();
    Files.writeString(
        spec,
        Files.readString(spec)
            .replace(
                "      customer_count_7d:",
                "      customer_max_7d: { max: amount, over: 7d }\n      customer_count_7d:"));
    assertThat(Files.readString(spec)).contains("customer_max_7d");
    Set<String> after = translate(spec, "").names();
    assertThat(after).isEqualTo(before).isNotEmpty();
  }

  /** What a step's description says under a name. */
  private static String said(JsonNode step, String name) {
    return step.path(name).path("value").asText();
  }

  private static void checkState(Translation translation) throws IOException {
    assertThat(translation.stateful())
        .hasSize(2)
        .allSatisfy(
            history -> {
              assertThat(history.getStateSpecsMap()).containsOnlyKeys("history");
              assertThat(history.getTimerFamilySpecsMap()).containsOnlyKeys("ts-expiry");
              assertThat(history.getRequiresTimeSortedInput()).isFalse();
            });
    assertThat(translation.pipeline().getRequirementsList())
        .contains("beam:requirement:pardo:stateful:v1");
    // The second runner goes by the portable pipeline alone.
    if (!translation.steps().isEmpty()) {
      assertThat(translation.steps())
          .filteredOn(step -> step.has("uses_keyed_state"))
          .extracting(step -> said(step, "user_name"))
          .filteredOn(name -> KEYED.stream().anyMatch(name::contains))
          .as("%s", translation.names())
          .hasSize(2);
    }
  }

  private Translation translate(Path spec, String experiments, String... more) throws IOException {
    Path template = folder.resolve("job.json");
    List<String> options = new ArrayList<>();
    options.add("--project=test-project");
    options.add("--region=europe-west1");
    options.add("--gcpTempLocation=gs://test-bucket/temp");
    options.add("--stagingLocation=gs://test-bucket/staging");
    options.add("--templateLocation=" + template);
    options.add("--stagerClass=" + RecordingStager.class.getName());
    options.add("--filesToStage=" + spec);
    options.add("--pathValidatorClass=" + NoopPathValidator.class.getName());
    options.add("--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
    if (!experiments.isEmpty()) {
      options.add("--experiments=" + experiments);
    }
    options.addAll(List.of(more));
    Pipeline pipeline =
        Pipeline.create(
            RunnerArguments.of(Runner.DATAFLOW, options.toArray(String[]::new))
                .streamOptions("--jobName=card-fraud"));
    new Assembly(
            pipeline,
            PipelinePlan.of(
                PipelineSpecReader.read(spec, Overrides.parse(List.of()), this::environment)))
        .decisions();
    pipeline.run();
    String job = Files.readString(template);
    RunnerApi.Pipeline portable =
        RunnerApi.Pipeline.parseFrom(RecordingStager.staged("pipeline.pb"));
    return new Translation(new ObjectMapper().readTree(job), portable, job + text(portable));
  }

  /** All that a pipeline holds, what Beam has compressed of it included. */
  private static String text(RunnerApi.Pipeline pipeline) throws IOException {
    StringBuilder all = new StringBuilder(pipeline.toByteString().toString(ISO_8859_1));
    for (RunnerApi.PTransform each : pipeline.getComponents().getTransformsMap().values()) {
      ByteString payload = each.getSpec().getPayload();
      switch (each.getSpec().getUrn()) {
        case "beam:transform:pardo:v1" ->
            all.append(unpacked(RunnerApi.ParDoPayload.parseFrom(payload).getDoFn().getPayload()));
        case "beam:transform:read:v1" ->
            all.append(unpacked(RunnerApi.ReadPayload.parseFrom(payload).getSource().getPayload()));
        default -> {}
      }
    }
    return all.toString();
  }

  private static String unpacked(ByteString serialized) throws IOException {
    try (InputStream in = new SnappyInputStream(serialized.newInput())) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  private String environment(String name) {
    return switch (name) {
      case "KAFKA" -> broker.bootstrapServers();
      case "REGISTRY" -> registry.url();
      default -> System.getenv(name);
    };
  }

  /** The shipped one, on a broker that asks for a password. */
  private Path kafka() throws IOException {
    String settings =
        LOGIN.settings("secret:file:" + folder.resolve("password")).entrySet().stream()
            .map(setting -> "%s: '%s'".formatted(setting.getKey(), setting.getValue()))
            .collect(Collectors.joining(", ", "settings: { ", " }"));
    return write(
        shipped()
            .replace(
                "bootstrapServers: ${KAFKA:-127.0.0.1:9092}\n",
                "bootstrapServers: ${KAFKA:-127.0.0.1:9092}\n      %s\n".formatted(settings))
            .replace(
                "{ topic: card.decisions }", "{ topic: card.decisions, %s }".formatted(settings))
            .replace(
                "{ topic: card.deadletters }",
                "{ topic: card.deadletters, %s }".formatted(settings)));
  }

  /** The shipped one, with payments and decisions in Pub/Sub, and labels out of the payments. */
  private Path pubsub() throws IOException {
    String labels =
        shipped().substring(shipped().indexOf("labels:"), shipped().indexOf("# An event for"));
    return write(
        shipped()
            .replace(labels, "labels: { from: events }\n\n")
            .replace("where: fraud", "where: 'amount > 1000.0'")
            .replace(
                "    kafka:\n      bootstrapServers: ${KAFKA:-127.0.0.1:9092}\n      topic: card.transactions\n",
                "    pubsub: { subscription: %s, idAttribute: transaction_id, timestampAttribute: occurred_at }\n"
                    .formatted(PubsubProject.subscription("transactions")))
            .replace(
                "to: { kafka: { topic: card.decisions } }",
                "to: { pubsub: { topic: %s } }".formatted(PubsubProject.topic("decisions")))
            .replace(
                "deadLetters: { kafka: { topic: card.deadletters } }",
                "deadLetters: { pubsub: { topic: %s } }"
                    .formatted(PubsubProject.topic("letters"))));
  }

  private static String shipped() throws IOException {
    return Files.readString(ROOT.resolve("pipelines/card-fraud/card-fraud.yaml"));
  }

  private Path write(String spec) throws IOException {
    for (String contract : List.of("transaction.avsc", "label.avsc")) {
      Path copy = folder.resolve(contract);
      if (!Files.exists(copy)) {
        Files.copy(ROOT.resolve("pipelines/card-fraud").resolve(contract), copy);
      }
    }
    return Files.writeString(
        folder.resolve("card-fraud.yaml"),
        spec.replace("../../models/card-fraud", ROOT.resolve("models/card-fraud").toString()));
  }
}
