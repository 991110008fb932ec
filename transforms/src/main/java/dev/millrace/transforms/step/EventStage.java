package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Emits each event as its step leaves it, in its window, and the dead letters of those that the
 * step rejects. Applied to a collection it is a transform by itself; {@link #then} makes one of
 * two, and another stage may do this one's work in passing:
 *
 * <pre>{@code
 * EventStage score = Compute.column("night", "at.getHours() < 6").then(RunInference.of(model, binding));
 * events.apply("Score", score);
 * events.apply("History", history.then(score.aside()));
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
    return next instanceof None ? this : new Both(this, next);
  }

  /** The same, on a thread of its own beside the stage that it is done in passing by. */
  public final EventStage aside() {
    return new Aside(this);
  }

  @Override
  public final StageResult<Event> expand(PCollection<Event> events) {
    EventLayout input = EventCoder.layoutOf(events);
    TupleTag<Event> output = new TupleTag<>("output") {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>("deadLetters") {};
    return StageResult.of(
        events.apply(
            "Each event",
            ParDo.of(new StepFn(step(input), output, deadLetters))
                .withOutputTags(output, TupleTagList.of(deadLetters))),
        output,
        deadLetters,
        EventCoder.of(layout(input)));
  }

  private static final class None extends EventStage {
    @Override
    public EventLayout layout(EventLayout input) {
      return input;
    }

    @Override
    public EventStep step(EventLayout input) {
      return EventStep.each(event -> event);
    }

    @Override
    public EventStage then(EventStage next) {
      return next;
    }
  }

  private static final class Aside extends EventStage {
    private final EventStage stage;

    Aside(EventStage stage) {
      this.stage = stage;
    }

    @Override
    public EventLayout layout(EventLayout input) {
      return stage.layout(input);
    }

    @Override
    public EventStep step(EventLayout input) {
      return new StepAside(stage.step(input));
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
      return new TwoSteps(first.step(input), second.step(first.layout(input)));
    }
  }
}
