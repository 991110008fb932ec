package dev.millrace.transforms.compute;

import dev.millrace.transforms.compute.Computation.Definition;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.EvaluationException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

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
public final class Compute extends PTransform<PCollection<Event>, StageResult<Event>> {

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

  /**
   * The layout of what it emits for events of {@code input}.
   *
   * @throws dev.millrace.transforms.expression.ExpressionException when an expression is wrong
   * @throws IllegalArgumentException when a column is there already
   */
  public EventLayout layout(EventLayout input) {
    return Computation.compile(definitions, input).layout();
  }

  @Override
  public StageResult<Event> expand(PCollection<Event> events) {
    Computation computation = Computation.compile(definitions, EventCoder.layoutOf(events));
    TupleTag<Event> computed = new TupleTag<>() {};
    TupleTag<DeadLetter> failed = new TupleTag<>() {};
    return StageResult.of(
        events.apply(
            "Append columns",
            ParDo.of(new AppendColumns(computation, failed))
                .withOutputTags(computed, TupleTagList.of(failed))),
        computed,
        failed,
        EventCoder.of(computation.layout()));
  }

  private static final class AppendColumns extends DoFn<Event, Event> {
    private final Computation computation;
    private final TupleTag<DeadLetter> failed;

    AppendColumns(Computation computation, TupleTag<DeadLetter> failed) {
      this.computation = computation;
      this.failed = failed;
    }

    @ProcessElement
    public void process(
        @Element Event event, OutputReceiver<Event> computed, ProcessContext context) {
      Event result;
      try {
        result = computation.append(event);
      } catch (EvaluationException e) {
        context.output(
            failed,
            DeadLetter.failed(
                Stage.COMPUTE, event, Reason.COMPUTE_FAILED, String.valueOf(e.getMessage()), e));
        return;
      }
      computed.output(result);
    }
  }
}
