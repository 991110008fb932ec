package dev.millrace.transforms.validate;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.expression.Expression;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions of which an event must meet all. */
record Rules(List<Expression> conditions) implements Serializable {

  /** A rule that an event broke; it has a cause when the rule could not be evaluated. */
  record Breach(String message, @Nullable EvaluationException cause) {}

  static Rules compile(List<String> expressions, EventLayout layout) {
    return new Rules(expressions.stream().map(e -> Expression.condition(e, layout)).toList());
  }

  /** The first rule that is broken, or null. */
  @Nullable Breach breach(Event event) {
    for (Expression condition : conditions) {
      try {
        if (!condition.test(event)) {
          return new Breach(condition.because("is false", event), null);
        }
      } catch (EvaluationException e) {
        return new Breach(String.valueOf(e.getMessage()), e);
      }
    }
    return null;
  }
}
