package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Emits each event as its step leaves it, in its window, and the dead letters of those that the
 * step rejects. Applied to a collection it is a transform by itself; {@link #then} makes one of
 * two, and a stage that takes events may do this one's work in passing:
 *
 * <pre>{@code
 * events.apply("Decide", Compute.column("night", "at.getHours() < 6").then(decide));
 * events.apply("Ask model", RunInference.of(model, binding).after(compute));
 * }</pre>
 */
public abstract class EventStage extends PTransform<PCollection<Event>, StageResult<Event>> {

  /**
   * The layout of what it emits for events of {@code input}.
   *
   * @throws dev.millrace.transforms.expression.ExpressionException when an expression is wrong
   * @throws IllegalArgumentException when a column is there already
   */
  public abstract EventLayout layout(EventLayout input);

  /**
   * The work on events of {@code input}.
   *
   * @throws dev.millrace.transforms.expression.ExpressionException when an expression is wrong
   * @throws IllegalArgumentException when a column is there already
   */
  public abstract EventStep step(EventLayout input);

  /** Leaves every event as it is. */
  public static EventStage none() {
    return new None();
  }

  /** This one, and then {@code next} on what it emits. */
  public EventStage then(EventStage next) {
    return new Both(this, next);
  }

  @Override
  public final StageResult<Event> expand(PCollection<Event> events) {
    EventLayout input = EventCoder.layoutOf(events);
    TupleTag<Event> output = new TupleTag<>("output") {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>("deadLetters") {};
    return StageResult.of(
        events.apply(
            "Each event",
            ParDo.of(new ApplyStep(step(input), deadLetters))
                .withOutputTags(output, TupleTagList.of(deadLetters))),
        output,
        deadLetters,
        EventCoder.of(layout(input)));
  }

  static final class ApplyStep extends DoFn<Event, Event> {
    private final EventStep step;
    private final TupleTag<DeadLetter> deadLetters;

    ApplyStep(EventStep step, TupleTag<DeadLetter> deadLetters) {
      this.step = step;
      this.deadLetters = deadLetters;
    }

    @ProcessElement
    public void process(
        @Element Event event, OutputReceiver<Event> output, ProcessContext context) {
      Event result;
      try {
        result = step.apply(event);
      } catch (RejectedEvent e) {
        context.output(deadLetters, e.deadLetter());
        return;
      }
      output.output(result);
    }
  }

  private static final class None extends EventStage {
    @Override
    public EventLayout layout(EventLayout input) {
      return input;
    }

    @Override
    public EventStep step(EventLayout input) {
      return event -> event;
    }

    @Override
    public EventStage then(EventStage next) {
      return next;
    }
  }

  private static final class Both extends EventStage {
    private final EventStage first;
    private final EventStage second;

    Both(EventStage first, EventStage second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public EventLayout layout(EventLayout input) {
      return second.layout(first.layout(input));
    }

    @Override
    public EventStep step(EventLayout input) {
      EventStep one = first.step(input);
      EventStep two = second.step(first.layout(input));
      return event -> two.apply(one.apply(event));
    }
  }
}
