package dev.millrace.transforms.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.expression.ExpressionException;
import dev.millrace.transforms.step.Acknowledgement;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class RouteTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addNullableInt64Field("amount").build());

  private final Sink all = new Sink();
  private final Sink large = new Sink();
  private final Gathered out = new Gathered();

  @Test
  void event_goes_to_every_sink_whose_condition_it_meets() throws Exception {
    Route route = Route.none().to(null, all).to("amount > 100", large);
    run(route, event("small", 5L), event("large", 500L));
    assertThat(all.taken).containsExactly("small", "large");
    assertThat(large.taken).containsExactly("large");
    assertThat(out.events).isEmpty();
    assertThat(out.letters).isEmpty();
  }

  @Test
  void event_is_given_out_once_for_all_sinks_that_are_elsewhere() throws Exception {
    Route route = Route.none().elsewhere("amount > 100").elsewhere("amount > 200").to(null, all);
    run(route, event("small", 5L), event("large", 500L));
    assertThat(out.events).containsExactly("large");
    assertThat(all.taken).containsExactly("small", "large");
  }

  @Test
  void condition_that_fails_is_a_dead_letter_and_the_other_sinks_have_the_event() throws Exception {
    run(Route.none().to("amount > 100", large).to(null, all), event("none", null));
    assertThat(large.taken).isEmpty();
    assertThat(all.taken).containsExactly("none");
    assertThat(out.letters).hasSize(1);
    DeadLetter letter = out.letters.get(0);
    assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
    assertThat(letter.message())
        .isEqualTo(
            "a sink's condition: 'amount > 100' fails: column 'amount' is null (amount = null)");
  }

  @Test
  void all_sinks_are_waited_for_and_torn_down() throws Exception {
    EventStep step = Route.none().to(null, all).to("amount > 100", large).stage().step(LAYOUT);
    step.setUp();
    step.startBundle();
    step.finishBundle(out);
    step.tearDown();
    assertThat(all.calls).containsExactly("setUp", "startBundle", "finish", "await", "tearDown");
    assertThat(large.calls).isEqualTo(all.calls);
  }

  @Test
  void one_sink_for_all_events_is_not_looked_around() {
    assertThat(Route.none().to(null, all).stage()).isSameAs(all);
    assertThat(Route.none().elsewhere(null).stage().layout(LAYOUT)).isSameAs(LAYOUT);
  }

  @Test
  void wrong_condition_is_found_before_anything_runs() {
    assertThatThrownBy(() -> Route.none().to("amont > 1", all).stage().step(LAYOUT))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("amont");
  }

  @Test
  void sink_elsewhere_picks_out_its_own(TestPipeline pipeline) {
    PAssert.that(
            pipeline
                .apply(
                    Create.of(event("small", 5L), event("none", null), event("large", 500L))
                        .withCoder(EventCoder.of(LAYOUT)))
                .apply(Route.only("amount > 100"))
                .apply(MapElements.into(TypeDescriptors.strings()).via(Event::id)))
        .containsInAnyOrder("large");
    pipeline.run().waitUntilFinish();
  }

  private void run(Route route, Event... events) throws Exception {
    EventStep step = route.stage().step(LAYOUT);
    step.setUp();
    step.startBundle();
    for (Event event : events) {
      step.process(event, Instant.EPOCH, GlobalWindow.INSTANCE, out);
    }
    step.finishBundle(out);
  }

  private static Event event(String id, @Nullable Long amount) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setValue(LAYOUT.column("amount"), amount);
    return builder.build(id, 0, Origin.NONE);
  }

  /** Remembers what it was given and how it was called. */
  private static final class Sink extends EventStage {

    private final List<String> taken = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    @Override
    public EventLayout layout(EventLayout input) {
      return input;
    }

    @Override
    public EventStep step(EventLayout input) {
      return new EventStep() {
        @Override
        public void setUp() {
          calls.add("setUp");
        }

        @Override
        public void startBundle() {
          calls.add("startBundle");
        }

        @Override
        public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out) {
          taken.add(event.id());
        }

        @Override
        public void finish(Outlet out) {
          calls.add("finish");
        }

        @Override
        public Acknowledgement acknowledgement() {
          return () -> calls.add("await");
        }

        @Override
        public void tearDown() {
          calls.add("tearDown");
        }
      };
    }
  }
}
