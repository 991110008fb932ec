package dev.millrace.transforms.validate;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.validate.Rules.Breach;
import java.util.List;

/**
 * Emits the events for which every expression is true, unchanged, in their windows. An event for
 * which one is false, or fails, becomes one dead letter of reason {@link Reason#INVALID} whose
 * message names the first such expression and the values of the columns it reads.
 *
 * <pre>{@code
 * StageResult<Event> valid =
 *     events.apply("Validate", Validate.that("amount > 0.0", "currency.size() == 3"));
 * }</pre>
 *
 * The expressions are compiled when the transform is applied: a wrong one is an {@link
 * dev.millrace.transforms.expression.ExpressionException} then.
 */
public final class Validate extends EventStage {

  private final List<String> expressions;

  private Validate(List<String> expressions) {
    this.expressions = expressions;
  }

  /** All of {@code expressions} must be true; none at all lets everything through. */
  public static Validate that(List<String> expressions) {
    return new Validate(List.copyOf(expressions));
  }

  /** All of {@code expressions} must be true; none at all lets everything through. */
  public static Validate that(String... expressions) {
    return that(List.of(expressions));
  }

  @Override
  public EventLayout layout(EventLayout input) {
    return input;
  }

  @Override
  public EventStep step(EventLayout input) {
    Rules rules = Rules.compile(expressions, input);
    return EventStep.each(
        event -> {
          Breach breach = rules.breach(event);
          if (breach != null) {
            throw new RejectedEvent(
                DeadLetter.failed(
                    Stage.VALIDATE, event, Reason.INVALID, breach.message(), breach.cause()));
          }
          return event;
        });
  }
}
