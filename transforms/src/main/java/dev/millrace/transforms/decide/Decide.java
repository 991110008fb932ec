package dev.millrace.transforms.decide;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.decide.Decisions.Rule;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.RejectedEvent;
import java.util.List;
import java.util.stream.Stream;

/**
 * Emits each event with one more STRING column: the decision of the first rule that is true, or
 * that of {@code otherwise}. Rules behind it are not evaluated. An event for which a rule fails
 * before one is true becomes one dead letter of reason {@link Reason#COMPUTE_FAILED}.
 *
 * <pre>{@code
 * StageResult<Event> decided =
 *     scored.apply(
 *         "Decide",
 *         Decide.on("decision")
 *             .when("fraud_probability >= 0.9", "DECLINE")
 *             .when("fraud_probability >= 0.6", "REVIEW")
 *             .otherwise("APPROVE"));
 * }</pre>
 *
 * The rules are compiled when the transform is applied: a wrong one is an {@link
 * dev.millrace.transforms.expression.ExpressionException} then.
 */
public final class Decide extends EventStage {

  private final String field;
  private final List<Rule> rules;
  private final String otherwise;

  private Decide(String field, List<Rule> rules, String otherwise) {
    this.field = field;
    this.rules = rules;
    this.otherwise = otherwise;
  }

  /** Appends a column {@code field}; the rules follow. */
  public static Rules on(String field) {
    return new Rules(field, List.of());
  }

  /** Rules so far, each after those before. */
  public static final class Rules {
    private final String field;
    private final List<Rule> rules;

    private Rules(String field, List<Rule> rules) {
      this.field = field;
      this.rules = rules;
    }

    /** Decides {@code decision} where {@code expression} is true and no rule before was. */
    public Rules when(String expression, String decision) {
      Stream<Rule> all = Stream.concat(rules.stream(), Stream.of(new Rule(expression, decision)));
      return new Rules(field, all.toList());
    }

    /** Decides {@code decision} where no rule is true. */
    public Decide otherwise(String decision) {
      return new Decide(field, rules, decision);
    }
  }

  @Override
  public EventLayout layout(EventLayout input) {
    return Decisions.compile(field, rules, otherwise, input).layout();
  }

  @Override
  public EventStep step(EventLayout input) {
    Decisions decisions = Decisions.compile(field, rules, otherwise, input);
    return EventStep.each(
        event -> {
          try {
            return decisions.append(event);
          } catch (EvaluationException e) {
            throw new RejectedEvent(
                DeadLetter.failed(
                    Stage.DECIDE, event, Reason.COMPUTE_FAILED, String.valueOf(e.getMessage()), e));
          }
        });
  }
}
