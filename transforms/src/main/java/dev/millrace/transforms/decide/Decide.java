package dev.millrace.transforms.decide;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.decide.Decisions.Rule;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.EvaluationException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

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
public final class Decide extends PTransform<PCollection<Event>, StageResult<Event>> {

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

  /**
   * The layout of what it emits for events of {@code input}.
   *
   * @throws dev.millrace.transforms.expression.ExpressionException when a rule is wrong
   * @throws IllegalArgumentException when the column is there already
   */
  public EventLayout layout(EventLayout input) {
    return Decisions.compile(field, rules, otherwise, input).layout();
  }

  @Override
  public StageResult<Event> expand(PCollection<Event> events) {
    Decisions decisions = Decisions.compile(field, rules, otherwise, EventCoder.layoutOf(events));
    TupleTag<Event> decided = new TupleTag<>() {};
    TupleTag<DeadLetter> failed = new TupleTag<>() {};
    return StageResult.of(
        events.apply(
            "Append decision",
            ParDo.of(new AppendDecision(decisions, failed))
                .withOutputTags(decided, TupleTagList.of(failed))),
        decided,
        failed,
        EventCoder.of(decisions.layout()));
  }

  private static final class AppendDecision extends DoFn<Event, Event> {
    private final Decisions decisions;
    private final TupleTag<DeadLetter> failed;

    AppendDecision(Decisions decisions, TupleTag<DeadLetter> failed) {
      this.decisions = decisions;
      this.failed = failed;
    }

    @ProcessElement
    public void process(
        @Element Event event, OutputReceiver<Event> decided, ProcessContext context) {
      Event result;
      try {
        result = decisions.append(event);
      } catch (EvaluationException e) {
        context.output(
            failed,
            DeadLetter.failed(
                Stage.DECIDE, event, Reason.COMPUTE_FAILED, String.valueOf(e.getMessage()), e));
        return;
      }
      decided.output(result);
    }
  }
}
