package dev.millrace.models.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.models.Lease;
import dev.millrace.models.Model;
import dev.millrace.models.ModelException;
import dev.millrace.models.PredictionException;
import dev.millrace.models.SharedData;
import dev.millrace.models.SharedModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Features;
import org.tensorflow.proto.FloatList;

/** SavedModels that nobody here wrote give their known answers. */
class ForeignModelsTest {

  private static final Path HALF_PLUS_TWO = Path.of("savedmodels/saved_model_half_plus_two_cpu");
  private static final Path TWO_VERSIONS =
      Path.of("savedmodels/saved_model_half_plus_two_2_versions");
  private static final Path TIMES_TWO = Path.of("savedmodels/times_two_int");
  private static final Path SEVERAL = Path.of("savedmodels/module_with_multiple_signatures");

  private static SavedModel foreign(Path path) {
    return SavedModel.at(SharedData.at(path.toString()));
  }

  private static List<Map<String, Object>> predict(
      SavedModel handler, List<Map<String, Object>> batch) {
    try (Lease<Map<String, Object>, Map<String, Object>> lease = SharedModels.acquire(handler)) {
      return lease.model().predict(batch);
    }
  }

  private static List<Map<String, Object>> each(String name, Object... values) {
    return Arrays.stream(values).map(value -> Map.of(name, value)).toList();
  }

  private static byte[] example(float x) {
    Feature feature = Feature.newBuilder().setFloatList(FloatList.newBuilder().addValue(x)).build();
    return Example.newBuilder()
        .setFeatures(Features.newBuilder().putFeature("x", feature))
        .build()
        .toByteArray();
  }

  @Test
  void half_plus_two_of_1_2_5_is_2_5_3_4_5() {
    assertThat(predict(foreign(HALF_PLUS_TWO), each("x", 1f, new float[] {2f}, List.of(5f))))
        .usingRecursiveComparison()
        .isEqualTo(each("y", new float[] {2.5f}, new float[] {3f}, new float[] {4.5f}));
  }

  @Test
  void serialized_examples_are_regressed_and_classified() {
    List<Map<String, Object>> examples = each("inputs", example(1), example(2), example(5));
    assertThat(predict(foreign(HALF_PLUS_TWO).withSignature("regress_x_to_y"), examples))
        .usingRecursiveComparison()
        .isEqualTo(each("outputs", new float[] {2.5f}, new float[] {3f}, new float[] {4.5f}));
    assertThat(predict(foreign(HALF_PLUS_TWO).withSignature("classify_x_to_y"), examples))
        .usingRecursiveComparison()
        .isEqualTo(each("scores", new float[] {2.5f}, new float[] {3f}, new float[] {4.5f}));
    assertThat(predict(foreign(HALF_PLUS_TWO).withSignature("regress_x_to_y2"), examples))
        .usingRecursiveComparison()
        .isEqualTo(each("outputs", new float[] {3.5f}, new float[] {4f}, new float[] {5.5f}));
  }

  @Test
  void an_example_that_does_not_parse_fails_and_the_session_survives() {
    try (var model = foreign(HALF_PLUS_TWO).withSignature("regress_x_to_y").load()) {
      assertThatThrownBy(() -> model.predict(each("inputs", example(1), "no example")))
          .isInstanceOf(PredictionException.class)
          .hasMessageContaining("saved_model_half_plus_two_cpu/00000123")
          .hasMessageContaining("regress_x_to_y, 2 elements")
          .hasMessageContaining("Could not parse example");
      assertThat(model.predict(each("inputs", example(1))))
          .usingRecursiveComparison()
          .isEqualTo(each("outputs", new float[] {2.5f}));
    }
  }

  @Test
  void both_versions_are_served_and_the_newer_one_by_default() {
    for (String version : List.of("00000123", "00000124")) {
      try (var model = foreign(TWO_VERSIONS.resolve(version)).load()) {
        assertThat(model.version().version()).isEqualTo(version);
        assertThat(model.predict(each("x", 5f)))
            .usingRecursiveComparison()
            .isEqualTo(each("y", new float[] {4.5f}));
      }
    }
    try (var model = foreign(TWO_VERSIONS).load()) {
      assertThat(model.version().name()).isEqualTo("saved_model_half_plus_two_2_versions");
      assertThat(model.version().version()).isEqualTo("00000124");
      assertThat(model.version().checksum()).hasSize(64);
    }
  }

  @Test
  void a_scalar_signature_is_called_once_per_element() {
    assertThat(predict(foreign(TIMES_TWO), each("x", 2, 21, -1)))
        .usingRecursiveComparison()
        .isEqualTo(each("output_0", 4, 42, -2));
  }

  @Test
  void each_of_several_signatures_is_served() {
    assertThat(predict(foreign(SEVERAL).withSignature("timestwo"), each("x", 4f)))
        .usingRecursiveComparison()
        .isEqualTo(each("output_0", 8f));
    assertThat(predict(foreign(SEVERAL), each("x", 4f))).hasSize(1);
  }

  @Test
  void a_column_of_floats_is_served_dense() {
    DenseSavedModel handler = foreign(HALF_PLUS_TWO).withOutputs("y").dense();
    assertThat(handler.width()).isEqualTo(1);
    assertThat(handler.inputs()).isEmpty();
    try (Model<float[], float[]> model = handler.load()) {
      assertThat(model.predict(List.of(new float[] {1}, new float[] {2}, new float[] {5})))
          .containsExactly(new float[] {2.5f}, new float[] {3f}, new float[] {4.5f});
    }
  }

  @Test
  void what_they_offer_is_read_without_initialisation() {
    assertThat(Signatures.read(SharedData.at(SEVERAL.toString())))
        .map(Signature::toString)
        .containsExactly(
            "serving_default(x: float32 scalar) -> (output_0: float32 scalar)",
            "timestwo(x: float32 scalar) -> (output_0: float32 scalar)");
    assertThat(Signatures.read(SharedData.at(HALF_PLUS_TWO.toString())))
        .map(Signature::toString)
        .contains(
            "regress_x_to_y(inputs: string of any rank) -> (outputs: float32[?, 1])",
            "serving_default(x: float32[?, 1]) -> (y: float32[?, 1])");
  }

  @Test
  void an_unknown_signature_or_output_names_those_there_are() {
    SavedModel several = foreign(SEVERAL);
    SavedModel halfPlusTwo = foreign(HALF_PLUS_TWO);
    assertThatThrownBy(() -> several.withSignature("timesthree").load())
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(
            "module_with_multiple_signatures: found no signature \"timesthree\", expected one of"
                + " [serving_default, timestwo]");
    assertThatThrownBy(() -> halfPlusTwo.withOutputs("z").signature())
        .hasMessageEndingWith(
            "00000123: signature serving_default: found no output \"z\", expected one of [y]");
  }

  @Test
  void a_model_of_several_inputs_or_strings_is_not_dense() {
    SavedModel examples = foreign(HALF_PLUS_TWO);
    assertThatThrownBy(() -> examples.withSignature("regress_x_to_y").dense().width())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("found regress_x_to_y(inputs: string of any rank)")
        .hasMessageContaining("expected one input float32[?, d] or float32[d]");
  }
}
