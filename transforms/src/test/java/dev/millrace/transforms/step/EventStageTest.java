package dev.millrace.transforms.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.compute.Compute;
import dev.millrace.transforms.decide.Decide;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.validate.Validate;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.WithTimestamps;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class EventStageTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addInt64Field("number").build());
  private static final Duration MINUTE = Duration.standardMinutes(1);

  private static final EventStage STAGES =
      Validate.that("number >= 0")
          .then(Compute.column("doubled", "number * 2"))
          .then(Decide.on("size").when("doubled > 1000", "large").otherwise("small"));

  @Test
  void stages_one_in_the_other_do_what_they_do_one_by_one(TestPipeline pipeline) {
    assertDecided(pipeline, STAGES);
  }

  @Test
  void so_they_do_aside(TestPipeline pipeline) {
    assertDecided(pipeline, STAGES.aside());
  }

  private static void assertDecided(TestPipeline pipeline, EventStage stage) {
    List<Event> events = IntStream.range(-10, 1_000).mapToObj(EventStageTest::event).toList();
    PCollection<Event> windowed =
        pipeline
            .apply(Create.of(events).withCoder(EventCoder.of(LAYOUT)))
            .apply(
                WithTimestamps.of(event -> Instant.ofEpochMilli(1_000_000 + event.time() * 1_000)))
            .apply(Window.into(FixedWindows.of(MINUTE)));
    var result = windowed.apply(stage);
    PCollection<String> sizes =
        result
            .output()
            .apply(
                MapElements.into(TypeDescriptors.strings())
                    .via(e -> e.id() + e.layout().column("size").getString(e)));
    // Each in its own window, though many of them waited for others.
    IntervalWindow last = new IntervalWindow(Instant.ofEpochMilli(1_980_000), MINUTE);
    PAssert.that(sizes)
        .inWindow(last)
        .containsInAnyOrder(IntStream.range(980, 1_000).mapToObj(i -> i + "large").toList());
    PAssert.that(result.deadLetters().apply("All letters", Window.into(new GlobalWindows())))
        .satisfies(
            letters -> {
              assertThat(letters).hasSize(10);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  private static Event event(int number) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setLong(LAYOUT.column("number"), number);
    return builder.build("" + number, number, Origin.NONE);
  }
}
