package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.DecideSpec;
import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.InferSpec;
import dev.millrace.pipelines.spec.LabelsSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.RegistrySpec;
import dev.millrace.pipelines.spec.RouteSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ShippedSpecsTest {

  private static final Path ROOT = Path.of(System.getProperty("millrace.root", ".."));
  private static final Path CARD_FRAUD =
      ROOT.resolve("pipelines/card-fraud").toAbsolutePath().normalize();

  private static PipelineSpec read(String name, Map<String, String> environment) {
    return PipelineSpecReader.read(CARD_FRAUD.resolve(name), Overrides.none(), environment::get);
  }

  @Test
  void card_fraud_goes_from_kafka_to_kafka() {
    PipelineSpec spec = read("card-fraud.yaml", Map.of());
    assertThat(spec.pipeline()).isEqualTo("card-fraud");
    assertThat(spec.events().from())
        .isEqualTo(new SourceSpec.Kafka("127.0.0.1:9092", "card.transactions", null, Map.of()));
    assertThat(spec.events().format())
        .isEqualTo(
            FormatSpec.Avro.of(
                CARD_FRAUD.resolve("transaction.avsc").toString(),
                RegistrySpec.at("http://127.0.0.1:8081")));
    assertThat(spec.labels())
        .isEqualTo(
            new LabelsSpec.Stream(
                new SourceSpec.Kafka("127.0.0.1:9092", "card.labels", null, Map.of()),
                FormatSpec.Avro.of(
                    CARD_FRAUD.resolve("label.avsc").toString(),
                    RegistrySpec.at("http://127.0.0.1:8081")),
                "transaction_id",
                "occurred_at"));
    assertThat(spec.validate()).containsExactly("amount > 0.0", "currency.size() == 3");
    assertThat(spec.decide())
        .isEqualTo(
            new DecideSpec(
                "decision",
                List.of(
                    new DecideSpec.Rule("fraud_probability >= 0.9", "DECLINE"),
                    new DecideSpec.Rule("fraud_probability >= 0.6", "REVIEW")),
                "APPROVE"));
    assertThat(spec.to())
        .containsExactly(
            RouteSpec.all(
                new SinkSpec.Kafka("127.0.0.1:9092", "card.decisions", Map.of(), 1_000_000)));
    assertThat(spec.deadLetters())
        .isEqualTo(new SinkSpec.Kafka("127.0.0.1:9092", "card.deadletters", Map.of(), 1_000_000));
  }

  @Test
  void the_environment_names_the_broker_for_sources_and_sinks() {
    PipelineSpec spec =
        read("card-fraud.yaml", Map.of("KAFKA", "kafka:1", "REGISTRY", "http://registry:2"));
    assertThat(((SourceSpec.Kafka) spec.events().from()).bootstrapServers()).isEqualTo("kafka:1");
    assertThat(spec.deadLetters()).hasFieldOrPropertyWithValue("bootstrapServers", "kafka:1");
    assertThat(spec.events().format())
        .hasFieldOrPropertyWithValue("registry", RegistrySpec.at("http://registry:2"));
  }

  @Test
  void the_handbook_is_read_from_a_table_that_holds_its_own_labels() {
    PipelineSpec spec = read("handbook.yaml", Map.of("HANDBOOK", "/data/table.csv.gz"));
    assertThat(spec.events().from()).isEqualTo(new SourceSpec.Files("/data/table.csv.gz"));
    assertThat(spec.events().format())
        .isEqualTo(new FormatSpec.Csv(CARD_FRAUD.resolve("handbook.avsc").toString()));
    assertThat(spec.labels()).isEqualTo(new LabelsSpec.OfEvents());
    assertThat(spec.to()).isEmpty();
  }

  @Test
  void the_handbook_can_be_pointed_at_any_file() {
    PipelineSpec spec =
        PipelineSpecReader.read(
            CARD_FRAUD.resolve("handbook.yaml"),
            Overrides.parse(List.of("events.from.files.path=table.csv")),
            name -> null);
    assertThat(spec.events().from())
        .isEqualTo(new SourceSpec.Files(Path.of("table.csv").toAbsolutePath().toString()));
  }

  @Test
  void both_specs_make_the_same_features_and_ask_the_same_model() {
    PipelineSpec live = read("card-fraud.yaml", Map.of());
    PipelineSpec handbook = read("handbook.yaml", Map.of());
    assertThat(handbook.history()).isEqualTo(live.history());
    assertThat(List.copyOf(handbook.compute().entrySet()))
        .isEqualTo(List.copyOf(live.compute().entrySet()));
    assertThat(handbook.infer()).isEqualTo(live.infer());
  }

  @Test
  void the_model_gets_the_amount_and_the_fourteen_features_in_the_order_it_was_trained_on() {
    InferSpec infer = Objects.requireNonNull(read("card-fraud.yaml", Map.of()).infer());
    List<String> expected = new ArrayList<>(List.of("amount", "weekend", "night"));
    for (String days : List.of("1d", "7d", "30d")) {
      expected.addAll(List.of("customer_count_" + days, "customer_mean_" + days));
    }
    for (String days : List.of("1d", "7d", "30d")) {
      expected.addAll(List.of("terminal_count_" + days, "terminal_risk_" + days));
    }
    assertThat(infer.inputs()).isEqualTo(expected);
    assertThat(infer.model())
        .isEqualTo(ROOT.resolve("models/card-fraud").toAbsolutePath().normalize().toString());
    assertThat(infer.outputs()).containsExactly(Map.entry("fraud_probability", "probability"));
  }

  @Test
  void every_input_of_the_model_is_a_field_a_feature_or_computed() {
    PipelineSpec spec = read("card-fraud.yaml", Map.of());
    List<String> columns = new ArrayList<>(List.of("amount"));
    spec.history().forEach(history -> columns.addAll(history.features().keySet()));
    columns.addAll(spec.compute().keySet());
    assertThat(columns).containsAll(Objects.requireNonNull(spec.infer()).inputs());
  }
}
