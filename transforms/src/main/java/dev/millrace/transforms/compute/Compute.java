package dev.millrace.transforms.compute;

import dev.millrace.transforms.compute.Computation.Definition;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.RejectedEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Emits each event with one more column an expression, in the order they are given, of the type of
 * the expression's result (INT64, DOUBLE, BOOLEAN, STRING, BYTES or TIMESTAMP) and never null. An
 * expression may read the columns that come before its own. An event for which one fails becomes
 * one dead letter of reason {@link Reason#COMPUTE_FAILED}.
 *
 * <pre>{@code
 * StageResult<Event> computed =
 *     events.apply("Compute", Compute.column("night", "occurred_at.getHours() <= 6"));
 * }</pre>
 *
 * The expressions are compiled when the transform is applied: a wrong one is an {@link
 * dev.millrace.transforms.expression.ExpressionException} then.
 */
public final class Compute extends EventStage {

  private final List<Definition> definitions;

  private Compute(List<Definition> definitions) {
    this.definitions = definitions;
  }

  /** Column names to expressions, computed in the map's order of iteration. */
  public static Compute columns(Map<String, String> expressions) {
    return new Compute(
        expressions.entrySet().stream()
            .map(entry -> new Definition(entry.getKey(), entry.getValue()))
            .toList());
  }

  /** One column; {@link #withColumn} adds more. */
  public static Compute column(String name, String expression) {
    return new Compute(List.of(new Definition(name, expression)));
  }

  /** A further column behind those before. */
  public Compute withColumn(String name, String expression) {
    return new Compute(
        Stream.concat(definitions.stream(), Stream.of(new Definition(name, expression))).toList());
  }

  @Override
  public EventLayout layout(EventLayout input) {
    return Computation.compile(definitions, input).layout();
  }

  @Override
  public EventStep step(EventLayout input) {
    Computation computation = Computation.compile(definitions, input);
    return EventStep.each(
        event -> {
          try {
            return computation.append(event);
          } catch (EvaluationException e) {
            throw new RejectedEvent(
                DeadLetter.failed(
                    Stage.COMPUTE,
                    event,
                    Reason.COMPUTE_FAILED,
                    String.valueOf(e.getMessage()),
                    e));
          }
        });
  }
}
