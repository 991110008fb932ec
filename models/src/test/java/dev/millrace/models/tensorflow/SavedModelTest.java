package dev.millrace.models.tensorflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.models.ModelException;
import dev.millrace.models.PredictionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.ConfigProto;

class SavedModelTest {

  @TempDir Path folder;

  private List<Map<String, Object>> predict(Exported exported, List<Map<String, Object>> batch) {
    return predict(SavedModel.at(exported.in(folder)), batch);
  }

  private static List<Map<String, Object>> predict(
      SavedModel handler, List<Map<String, Object>> batch) {
    try (var model = handler.load()) {
      return model.predict(batch);
    }
  }

  private static Map<String, Object> x(Object value) {
    return Map.of("x", value);
  }

  @Test
  void every_type_goes_in_and_comes_out() {
    Map<String, Object> one =
        Map.of(
            "float32", 1.5f, "float64", 0.1, "int32", 7, "int64", 1L << 40, "bool", true, "string",
            "Zürich");
    Map<String, Object> two =
        Map.of(
            "float32", -0f, "float64", 1e300, "int32", -1, "int64", -1L, "bool", false, "string",
            "");
    assertThat(predict(Exported.ALL_TYPES, List.of(one, two))).containsExactly(one, two);
  }

  @Test
  void numbers_widen_where_nothing_is_lost() {
    Map<String, Object> narrow =
        Map.of(
            "float32",
            1f,
            "float64",
            2f,
            "int32",
            3,
            "int64",
            4,
            "bool",
            true,
            "string",
            "a".getBytes(UTF_8));
    assertThat(predict(Exported.ALL_TYPES, List.of(narrow)))
        .containsExactly(
            Map.of(
                "float32", 1f, "float64", 2.0, "int32", 3, "int64", 4L, "bool", true, "string",
                "a"));
  }

  @Test
  void outputs_named_bytes_come_as_bytes() {
    byte[] bytes = {0, -1, (byte) 0xC3, 0};
    assertThat(predict(Exported.BYTES, List.of(Map.of("image_bytes", bytes))))
        .usingRecursiveComparison()
        .isEqualTo(List.of(Map.of("image_bytes", bytes)));
  }

  @Test
  void a_fixed_batch_is_split_and_filled_up() {
    List<Map<String, Object>> six =
        IntStream.range(0, 6).mapToObj(i -> x(new float[] {i, 10 * i})).toList();
    List<Map<String, Object>> outputs = predict(Exported.FOUR_TOGETHER, six);
    assertThat(outputs)
        .map(output -> output.get("twice"))
        .containsExactly(
            new float[] {0, 0},
            new float[] {2, 20},
            new float[] {4, 40},
            new float[] {6, 60},
            new float[] {8, 80},
            new float[] {10, 100});
    // An output without rows is of the whole call: 0+1+2+3, then 4+5 and 5 twice more.
    assertThat(outputs)
        .map(output -> output.get("total"))
        .containsExactly(66f, 66f, 66f, 66f, 209f, 209f);
  }

  @Test
  void elements_of_unequal_lengths_go_into_calls_of_their_own() {
    assertThat(
            predict(
                Exported.ANY_LENGTH,
                List.of(
                    x(new float[] {1, 2}),
                    x(new float[] {5}),
                    x(new float[] {3, 4}),
                    x(new float[0]))))
        .containsExactly(
            Map.of("sum", 3f), Map.of("sum", 5f), Map.of("sum", 7f), Map.of("sum", 0f));
  }

  @Test
  void beside_a_scalar_a_free_dimension_is_a_batch_of_one() {
    assertThat(
            predict(
                Exported.SCALED,
                List.of(
                    Map.of("x", new float[] {1, 2}, "by", 10f),
                    Map.of("x", new float[] {3, 4}, "by", 100f))))
        .usingRecursiveComparison()
        .isEqualTo(List.of(Map.of("y", new float[] {10, 20}), Map.of("y", new float[] {300, 400})));
  }

  @Test
  void without_batch_dimension_an_element_is_the_whole_tensor() {
    SavedModel model = SavedModel.at(Exported.ONE_ROW.in(folder));
    assertThat(predict(model.withoutBatchDimension(), List.of(x(new float[] {1, 2, 3}))))
        .usingRecursiveComparison()
        .isEqualTo(List.of(Map.of("twice", new float[] {2, 4, 6})));
    // By default the three are three elements.
    assertThat(predict(model, List.of(x(1f), x(2f))))
        .usingRecursiveComparison()
        .isEqualTo(List.of(Map.of("twice", 2f), Map.of("twice", 4f)));
  }

  @Test
  void arrays_may_be_nested_flat_or_lists() {
    int[][] nested = {{1, 2}, {3, 4}, {5, 6}};
    List<Map<String, Object>> batch =
        List.of(
            x(nested),
            x(new int[] {1, 2, 3, 4, 5, 6}),
            x(List.of(List.of(1, 2), new int[] {3, 4}, new Integer[] {5, 6})));
    assertThat(predict(Exported.MATRIX, batch))
        .allSatisfy(output -> assertThat((int[][]) output.get("same")).isDeepEqualTo(nested))
        .hasSize(3);
  }

  @Test
  void only_the_outputs_asked_for_are_given() {
    assertThat(
            predict(
                SavedModel.at(Exported.SEVERAL_OUTPUTS.in(folder)).withOutputs("whole"),
                List.of(x(new float[] {1, 2, 3}))))
        .usingRecursiveComparison()
        .isEqualTo(List.of(Map.of("whole", 6L)));
  }

  @Test
  void an_element_that_does_not_fit_is_named_before_the_call() {
    try (var model = SavedModel.at(Exported.MATRIX.in(folder)).load()) {
      Map<Object, String> wrong =
          Map.of(
              new int[][] {{1, 2}, {3, 4}},
              "found int32[2, 2], expected int32[3, 2]",
              new int[] {1, 2, 3},
              "found int32[3], expected int32[3, 2]",
              new float[] {1, 2, 3, 4, 5, 6},
              "found float32, expected int32",
              new int[][] {{1, 2}, {3, 4}, {5}},
              "found a ragged array (1 beside 2 values), expected equal lengths",
              List.of(),
              "found nothing[0], expected int32[3, 2]",
              "text",
              "found string scalar, expected int32[3, 2]");
      Map<String, Object> good = x(new int[] {1, 2, 3, 4, 5, 6});
      wrong.forEach(
          (value, message) ->
              assertThatThrownBy(() -> model.predict(List.of(good, x(value))))
                  .isInstanceOf(PredictionException.class)
                  .hasMessage("element 1: input \"x\": " + message));
      assertThatThrownBy(() -> model.predict(List.of(Map.of("X", 1))))
          .hasMessage("element 0: found inputs [X], expected [x]");
      assertThat(model.predict(List.of(good))).hasSize(1);
      assertThat(model.predict(List.of())).isEmpty();
    }
  }

  @Test
  void an_element_that_only_the_graph_refuses_fails_its_batch_and_no_other() {
    try (var model = SavedModel.at(Exported.POSITIVE_ONLY.in(folder)).load()) {
      assertThatThrownBy(() -> model.predict(List.of(x(4f), x(-1f))))
          .isInstanceOf(PredictionException.class)
          .hasMessageContaining("below zero");
      assertThat(model.predict(List.of(x(4f))))
          .usingRecursiveComparison()
          .isEqualTo(List.of(Map.of("root", new float[] {2})));
    }
  }

  @Test
  void dense_outputs_are_one_row_in_the_order_asked_for() {
    SavedModel several = SavedModel.at(Exported.SEVERAL_OUTPUTS.in(folder));
    List<float[]> rows = List.of(new float[] {1, 2, 3}, new float[] {4, 5, 6});
    try (var model = several.withOutputs("whole", "pair", "a_sum").dense().load()) {
      assertThat(model.predict(rows))
          .containsExactly(new float[] {6, 6, -6, 6}, new float[] {15, 15, -15, 15});
      assertThatThrownBy(() -> model.predict(List.of(rows.get(0), new float[2])))
          .isInstanceOf(PredictionException.class)
          .hasMessage("element 1: input \"x\": found 2 values, expected 3");
      assertThat(model.predict(List.of())).isEmpty();
    }
    try (var model = several.dense().load()) {
      assertThat(model.predict(rows)).startsWith(new float[] {6, 6, -6, 6});
    }
  }

  @Test
  void dense_rows_fill_up_a_fixed_batch_or_go_alone() {
    try (var model =
        SavedModel.at(Exported.FOUR_TOGETHER.in(folder)).withOutputs("twice").dense().load()) {
      assertThat(model.predict(Collections.nCopies(5, new float[] {1, 2})))
          .hasSize(5)
          .containsOnly(new float[] {2, 4});
    }
    try (var model = SavedModel.at(Exported.ONE_ROW.in(folder)).dense().load()) {
      assertThat(model.predict(List.of(new float[] {1, 2, 3}, new float[] {4, 5, 6})))
          .containsExactly(new float[] {2, 4, 6}, new float[] {8, 10, 12});
    }
  }

  @Test
  void a_handler_travels() throws Exception {
    SavedModel handler = SavedModel.at(Exported.SEVERAL_OUTPUTS.in(folder)).withOutputs("whole");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(handler);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      SavedModel arrived = (SavedModel) in.readObject();
      assertThat(arrived.key()).isEqualTo(handler.key());
      assertThat(predict(arrived, List.of(x(new float[] {1, 2, 3}))))
          .usingRecursiveComparison()
          .isEqualTo(List.of(Map.of("whole", 6L)));
    }
  }

  @Test
  void keys_differ_with_whatever_changes_the_answers() throws Exception {
    Path path = Exported.SEVERAL_OUTPUTS.in(folder);
    SavedModel model = SavedModel.at(path);
    String key = model.key();
    assertThat(SavedModel.at(path.toString()).key()).isEqualTo(key);
    assertThat(
            List.of(
                model.withOutputs("whole").key(),
                model.withSignature("serving_default").key(),
                model.withoutBatchDimension().key(),
                model.withConfig(ConfigProto.getDefaultInstance()).key(),
                model.dense().key()))
        .doesNotContain(key)
        .doesNotHaveDuplicates();
    Files.writeString(path.resolve("assets.txt"), "more");
    assertThat(model.key()).isNotEqualTo(key);
  }

  @Test
  void a_model_whose_variables_are_missing_is_refused() throws Exception {
    Path path = Exported.MATRIX.in(folder);
    Files.delete(path.resolve("variables/variables.index"));
    assertThatThrownBy(() -> SavedModel.at(path).load())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            path.resolve("variables/variables.index")
                + ": found no such file, expected the variables that the graph reads");
  }

  @Test
  void a_graph_that_is_no_graph_is_refused() throws Exception {
    Path path = Exported.MATRIX.in(folder);
    Files.write(path.resolve("saved_model.pb"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> SavedModel.at(path).load())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("saved_model.pb: found damaged content");
  }
}
