package dev.millrace.pipelines.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.spec.FeatureSpec.Aggregate;
import dev.millrace.pipelines.spec.FeatureSpec.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PipelineSpecTest {

  private static final StreamSpec EVENTS =
      StreamSpec.of(
          new SourceSpec.Files("payments.csv"), new FormatSpec.Csv("payment.avsc"), "id", "at");

  @Test
  void a_spec_made_in_code_has_the_defaults_of_one_in_yaml() {
    assertThat(EVENTS.deduplicateWithin()).isEqualTo(Duration.ofDays(1));
    assertThat(EVENTS.allowedLateness()).isEqualTo(Duration.ofDays(1));
    assertThat(FormatSpec.Avro.of("c.avsc", null).framing()).isEqualTo(FormatSpec.Framing.NONE);
    assertThat(FormatSpec.Avro.of("c.avsc", RegistrySpec.at("http://registry")).framing())
        .isEqualTo(FormatSpec.Framing.CONFLUENT);
  }

  @Test
  void a_place_in_a_spec_made_in_code_is_the_path() {
    assertThat(spec(null, List.of(), Map.of()).place("compute.night")).hasToString("compute.night");
  }

  @Test
  void two_columns_of_one_name_are_refused_with_both_paths() {
    HistorySpec history = history("night", count(Source.EVENTS));
    assertThatThrownBy(() -> spec(null, List.of(history), Map.of("night", "1")))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "compute.night: found 'night', which history.0.features.night has already, expected"
                + " another name");
  }

  @Test
  void a_feature_over_labels_needs_labels() {
    HistorySpec history = history("frauds", count(Source.LABELS));
    assertThat(spec(new LabelsSpec.OfEvents(), List.of(history), Map.of()).history()).hasSize(1);
    assertThatThrownBy(() -> spec(null, List.of(history), Map.of()))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "history.0.features.frauds: found a feature over labels in a pipeline without labels,"
                + " expected a section 'labels' or a feature over events");
  }

  @Test
  void features_and_computed_columns_keep_their_order_and_cannot_be_changed() {
    Map<String, String> compute = new LinkedHashMap<>();
    for (String name : List.of("z", "y", "x")) {
      compute.put(name, "1");
    }
    PipelineSpec spec = spec(null, List.of(), compute);
    compute.clear();
    assertThat(spec.compute().keySet()).containsExactly("z", "y", "x");
    assertThatThrownBy(() -> spec.compute().put("w", "1"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void each_part_refuses_what_cannot_be() {
    Duration day = Duration.ofDays(1);
    assertThatThrownBy(
            () -> new FeatureSpec(Aggregate.MEAN, Source.EVENTS, null, null, day, Duration.ZERO))
        .hasMessage("found no field for mean, expected one");
    assertThatThrownBy(
            () -> new FeatureSpec(Aggregate.COUNT, Source.EVENTS, "f", null, day, Duration.ZERO))
        .hasMessage("found the field 'f' for count, expected none");
    assertThatThrownBy(
            () -> new FeatureSpec(Aggregate.COUNT, Source.EVENTS, null, null, day, day.negated()))
        .hasMessage("found delay -86400000ms, expected nothing or more");
    assertThatThrownBy(() -> new HistorySpec("k", Map.of(), 0))
        .hasMessage("found cap 0, expected 1 or more");
    assertThatThrownBy(() -> new InferSpec("m", List.of("a"), Map.of(), "s", 0))
        .hasMessage("found batchSize 0, expected 1 or more");
    assertThatThrownBy(() -> new SinkSpec.Kafka("b", "t", Map.of(), 0))
        .hasMessage("found maxRecordBytes 0, expected 1 or more");
  }

  private static PipelineSpec spec(
      @Nullable LabelsSpec labels, List<HistorySpec> history, Map<String, String> compute) {
    return new PipelineSpec(
        "test",
        EVENTS,
        labels,
        List.of(),
        history,
        List.of(),
        compute,
        null,
        null,
        List.of(),
        null,
        Path.of("."),
        Map.of());
  }

  private static HistorySpec history(String feature, FeatureSpec spec) {
    return new HistorySpec("customer_id", Map.of(feature, spec), HistorySpec.DEFAULT_CAP);
  }

  private static FeatureSpec count(Source source) {
    return new FeatureSpec(Aggregate.COUNT, source, null, null, Duration.ofDays(1), Duration.ZERO);
  }
}
