package dev.millrace.transforms.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class RunInferenceTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addDoubleField("amount").addStringField("name").build());

  private static Event event(double amount) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setDouble(LAYOUT.column("amount"), amount);
    builder.setString(LAYOUT.column("name"), "n" + amount);
    return builder.build("e" + amount, 0, Origin.NONE);
  }

  private static RunInference<float[], float[]> inference() {
    return RunInference.of(
        new FakeModel(), new DenseBinding(List.of("amount"), List.of("doubled")));
  }

  @Test
  void a_bad_event_is_a_dead_letter_and_the_rest_of_its_batch_is_answered(TestPipeline pipeline) {
    FakeModel.BATCHES.clear();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add(event(i == 13 ? -1 : i));
    }
    StageResult<Event> result =
        pipeline
            .apply(Create.of(events).withCoder(EventCoder.of(LAYOUT)))
            .apply(inference().withBatchSize(8));

    PAssert.that(result.output())
        .satisfies(
            answered -> {
              List<Event> all = StreamSupport.stream(answered.spliterator(), false).toList();
              assertThat(all).hasSize(19);
              EventLayout output = all.get(0).layout();
              assertThat(all)
                  .allSatisfy(
                      event -> {
                        double amount = output.column("amount").getDouble(event);
                        assertThat(output.column("doubled").getDouble(event)).isEqualTo(2 * amount);
                        assertThat(output.column(RunInference.MODEL_VERSION).getString(event))
                            .isEqualTo("fake/7");
                      });
              return null;
            });
    PAssert.thatSingleton(result.deadLetters())
        .satisfies(
            letter -> {
              assertBad(letter);
              return null;
            });
    pipeline.run();
    assertThat(FakeModel.BATCHES).allMatch(size -> size <= 8);
  }

  private static void assertBad(DeadLetter letter) {
    assertThat(letter.eventId()).isEqualTo("e-1.0");
    assertThat(letter.reason()).isEqualTo(Reason.INFERENCE_FAILED);
    assertThat(letter.message()).isEqualTo("found a negative row, expected none");
    assertThat(letter.modelVersion()).isEqualTo("fake/7");
  }

  @Test
  void an_input_that_is_text_is_refused_when_the_pipeline_is_built() {
    DenseBinding binding = new DenseBinding(List.of("name"), List.of("doubled"));
    assertThatThrownBy(() -> binding.bind(LAYOUT, LAYOUT.plus(binding.columns())))
        .hasMessage("model input 'name': found STRING, expected a number or a boolean");
  }

  @Test
  void a_batch_of_none_is_refused() {
    assertThatThrownBy(() -> inference().withBatchSize(0))
        .hasMessage("batch size: found 0, expected 1 or more");
  }
}
