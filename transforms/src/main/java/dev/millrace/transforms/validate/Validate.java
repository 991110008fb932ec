package dev.millrace.transforms.validate;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.validate.Rules.Breach;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

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
public final class Validate extends PTransform<PCollection<Event>, StageResult<Event>> {

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
  public StageResult<Event> expand(PCollection<Event> events) {
    Rules rules = Rules.compile(expressions, EventCoder.layoutOf(events));
    TupleTag<Event> valid = new TupleTag<>() {};
    TupleTag<DeadLetter> invalid = new TupleTag<>() {};
    return StageResult.of(
        events.apply(
            "Check rules",
            ParDo.of(new CheckRules(rules, invalid))
                .withOutputTags(valid, TupleTagList.of(invalid))),
        valid,
        invalid,
        events.getCoder());
  }

  private static final class CheckRules extends DoFn<Event, Event> {
    private final Rules rules;
    private final TupleTag<DeadLetter> invalid;

    CheckRules(Rules rules, TupleTag<DeadLetter> invalid) {
      this.rules = rules;
      this.invalid = invalid;
    }

    @ProcessElement
    public void process(@Element Event event, OutputReceiver<Event> valid, ProcessContext context) {
      Breach breach = rules.breach(event);
      if (breach == null) {
        valid.output(event);
        return;
      }
      context.output(
          invalid,
          DeadLetter.failed(
              Stage.VALIDATE, event, Reason.INVALID, breach.message(), breach.cause()));
    }
  }
}
