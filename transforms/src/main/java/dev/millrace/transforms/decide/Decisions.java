package dev.millrace.transforms.decide;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Expression;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/** The rules of a decision, in order, and the column it goes to. Not thread-safe. */
final class Decisions implements Serializable {

  /** What to decide where an expression is true. */
  record Rule(String when, String then) implements Serializable {}

  private record Compiled(Expression when, String then) implements Serializable {}

  private final List<Compiled> rules;
  private final String otherwise;
  private final EventLayout layout;
  private final Column target;
  private transient @Nullable EventBuilder builder;

  private Decisions(List<Compiled> rules, String otherwise, EventLayout layout, Column target) {
    this.rules = rules;
    this.otherwise = otherwise;
    this.layout = layout;
    this.target = target;
  }

  static Decisions compile(String field, List<Rule> rules, String otherwise, EventLayout input) {
    EventLayout layout = input.plus(List.of(Field.of(field, FieldType.STRING)));
    List<Compiled> compiled =
        rules.stream()
            .map(rule -> new Compiled(Expression.condition(rule.when(), input), rule.then()))
            .toList();
    return new Decisions(compiled, otherwise, layout, layout.column(field));
  }

  /** That of the events it returns. */
  EventLayout layout() {
    return layout;
  }

  /**
   * The event with its decision.
   *
   * @throws dev.millrace.transforms.expression.EvaluationException when a rule fails before one is
   *     true
   */
  Event append(Event event) {
    String decision = decide(event);
    EventBuilder builder = builder().extend(event);
    builder.setString(target, decision);
    return builder.buildAs(event);
  }

  private String decide(Event event) {
    for (Compiled rule : rules) {
      if (rule.when.test(event)) {
        return rule.then;
      }
    }
    return otherwise;
  }

  private EventBuilder builder() {
    EventBuilder known = builder;
    if (known == null) {
      known = new EventBuilder(layout);
      builder = known;
    }
    return known;
  }
}
