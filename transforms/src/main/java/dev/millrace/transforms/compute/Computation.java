package dev.millrace.transforms.compute;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Expression;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.jspecify.annotations.Nullable;

/**
 * Columns to append, in passes: a pass computes those that need only what the passes before it
 * wrote, so that an event is built once a pass and not once a column. Not thread-safe.
 */
final class Computation implements Serializable {

  private final EventLayout layout;
  private final List<Pass> passes;

  private Computation(EventLayout layout, List<Pass> passes) {
    this.layout = layout;
    this.passes = passes;
  }

  static Computation compile(List<Definition> definitions, EventLayout input) {
    List<Pass> passes = new ArrayList<>();
    EventLayout before = input;
    List<Expression> pass = new ArrayList<>();
    List<Field> made = new ArrayList<>();
    for (Definition definition : definitions) {
      Expression expression = Expression.compile(definition.expression(), before.plus(made));
      if (!expression.columns().stream().allMatch(before::has)) {
        EventLayout after = before.plus(made);
        passes.add(new Pass(after, pass, made));
        before = after;
        pass = new ArrayList<>();
        made = new ArrayList<>();
      }
      pass.add(expression);
      made.add(Field.of(definition.name(), expression.type().fieldType()));
    }
    EventLayout after = before.plus(made);
    passes.add(new Pass(after, pass, made));
    return new Computation(after, passes);
  }

  /** That of the events it returns. */
  EventLayout layout() {
    return layout;
  }

  int passes() {
    return passes.size();
  }

  /**
   * The event with its new columns.
   *
   * @throws dev.millrace.transforms.expression.EvaluationException when one cannot be computed
   */
  Event append(Event event) {
    Event result = event;
    for (Pass pass : passes) {
      result = pass.append(result);
    }
    return result;
  }

  /** A column and how it is computed. */
  record Definition(String name, String expression) implements Serializable {}

  private static final class Pass implements Serializable {
    private final EventLayout after;
    private final List<Expression> expressions;
    private final List<Column> targets;
    private transient @Nullable EventBuilder builder;

    Pass(EventLayout after, List<Expression> expressions, List<Field> made) {
      this.after = after;
      this.expressions = expressions;
      this.targets = made.stream().map(field -> after.column(field.getName())).toList();
    }

    Event append(Event event) {
      EventBuilder builder = builder().extend(event);
      for (int i = 0; i < targets.size(); i++) {
        expressions.get(i).write(event, builder, targets.get(i));
      }
      return builder.buildAs(event);
    }

    private EventBuilder builder() {
      EventBuilder known = builder;
      if (known == null) {
        known = new EventBuilder(after);
        builder = known;
      }
      return known;
    }
  }
}
