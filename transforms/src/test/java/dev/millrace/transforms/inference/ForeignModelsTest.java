package dev.millrace.transforms.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.models.tensorflow.SavedModel;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Features;
import org.tensorflow.proto.FloatList;

/** Models that nobody here wrote give their known answers in a pipeline. */
@ExtendWith(TestPipelineExtension.class)
class ForeignModelsTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(
          Schema.builder()
              .addFloatField("x")
              .addInt32Field("count")
              .addByteArrayField("example")
              .build());

  private static SavedModel model(String path) {
    Path folder =
        Path.of(System.getProperty("millrace.data", "../shared/data"), "savedmodels", path);
    assumeTrue(Files.exists(folder), () -> "skipped: " + folder + " is absent (-Dmillrace.data)");
    return SavedModel.at(folder);
  }

  private static Event event(float x) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setFloat(LAYOUT.column("x"), x);
    builder.setInt(LAYOUT.column("count"), (int) x);
    Feature value = Feature.newBuilder().setFloatList(FloatList.newBuilder().addValue(x)).build();
    byte[] example =
        Example.newBuilder()
            .setFeatures(Features.newBuilder().putFeature("x", value))
            .build()
            .toByteArray();
    builder.setBytes(LAYOUT.column("example"), example, 0, example.length);
    return builder.build("e" + x, 0, Origin.NONE);
  }

  /** Runs events of x = 1, 2 and 5 through a model and expects an answer for each x. */
  private static void expect(
      TestPipeline pipeline, SavedModel model, NamedBinding binding, Map<Float, Double> answers) {
    List<Event> events = Stream.of(1f, 2f, 5f).map(ForeignModelsTest::event).toList();
    PCollection<Event> output =
        pipeline
            .apply(Create.of(events).withCoder(EventCoder.of(LAYOUT)))
            .apply(RunInference.of(model, binding))
            .output();
    PAssert.that(output)
        .satisfies(
            all -> {
              Map<Float, Double> found = new TreeMap<>();
              for (Event event : all) {
                EventLayout layout = event.layout();
                found.put(layout.column("x").getFloat(event), layout.column("y").asDouble(event));
              }
              assertThat(found).isEqualTo(answers);
              return null;
            });
    pipeline.run();
  }

  private static NamedBinding binding(
      String tensor, String column, FieldType answer, String output) {
    return new NamedBinding(
        List.of(new NamedBinding.Input(tensor, column)),
        List.of(new NamedBinding.Output("y", answer, output)));
  }

  @Test
  void half_plus_two_over_floats(TestPipeline pipeline) {
    expect(
        pipeline,
        model("saved_model_half_plus_two_cpu"),
        binding("x", "x", FieldType.FLOAT, "y"),
        Map.of(1f, 2.5, 2f, 3.0, 5f, 4.5));
  }

  @Test
  void half_plus_two_over_serialized_examples(TestPipeline pipeline) {
    expect(
        pipeline,
        model("saved_model_half_plus_two_cpu").withSignature("regress_x_to_y"),
        binding("inputs", "example", FieldType.FLOAT, "outputs"),
        Map.of(1f, 2.5, 2f, 3.0, 5f, 4.5));
  }

  @Test
  void times_two_over_scalars_without_a_batch_dimension(TestPipeline pipeline) {
    SavedModel model = model("times_two_int");
    String input = model.signature().inputs().get(0).name();
    String output = model.signature().outputs().get(0).name();
    expect(
        pipeline,
        model,
        binding(input, "count", FieldType.INT32, output),
        Map.of(1f, 2.0, 2f, 4.0, 5f, 10.0));
  }
}
