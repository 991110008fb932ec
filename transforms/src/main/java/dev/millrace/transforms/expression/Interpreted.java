package dev.millrace.transforms.expression;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.expression.Node.BooleanNode;
import dev.millrace.transforms.expression.Node.BytesNode;
import dev.millrace.transforms.expression.Node.DoubleNode;
import dev.millrace.transforms.expression.Node.LongNode;
import dev.millrace.transforms.expression.Node.StringNode;
import dev.millrace.transforms.expression.Node.TimestampNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A whole expression in CEL's interpreter, for what has no closure. */
final class Interpreted {

  private final CelRuntime.Program program;
  private final EventLayout layout;
  private final List<Column> columns;

  private Interpreted(CelRuntime.Program program, EventLayout layout, List<Column> columns) {
    this.program = program;
    this.layout = layout;
    this.columns = columns;
  }

  /** The root of an expression that reads {@code columns}. */
  static Node of(
      CelRuntime.Program program, EventLayout layout, List<Column> columns, ColumnType type) {
    Interpreted interpreted = new Interpreted(program, layout, columns);
    return switch (type) {
      case BOOLEAN -> (BooleanNode) event -> (Boolean) interpreted.evaluate(event);
      case INT32, INT64 -> (LongNode) event -> (Long) interpreted.evaluate(event);
      case FLOAT, DOUBLE -> (DoubleNode) event -> (Double) interpreted.evaluate(event);
      case STRING -> (StringNode) event -> (String) interpreted.evaluate(event);
      case TIMESTAMP ->
          (TimestampNode) event -> ((Instant) interpreted.evaluate(event)).toEpochMilli();
      case BYTES ->
          (BytesNode) event -> ((CelByteString) interpreted.evaluate(event)).toByteArray();
      default -> throw new IllegalStateException("no expression has a result of type " + type);
    };
  }

  private Object evaluate(Event event) {
    Object result;
    try {
      result = program.eval(name -> variable(name, event));
    } catch (CelEvaluationException | RuntimeException e) {
      // Which unchecked exceptions its functions throw is nowhere said.
      throw failure(event, String.valueOf(e.getMessage()));
    }
    if (result == NullValue.NULL_VALUE) {
      throw failure(event, "found a result of NULL_VALUE");
    }
    return result;
  }

  private Optional<Object> variable(String name, Event event) {
    return layout.has(name) ? Optional.of(variable(layout.column(name), event)) : Optional.empty();
  }

  private static Object variable(Column column, Event event) {
    return CelValues.of(column.fieldType(), column.value(event));
  }

  /** Names what is null: CEL's interpreter says only that an overload is missing. */
  private EvaluationException failure(Event event, String message) {
    if (message.contains("No matching overload") || message.contains("NULL_VALUE")) {
      List<Column> nulls = columns.stream().filter(column -> column.isNull(event)).toList();
      if (nulls.size() == 1) {
        return EvaluationException.nullColumn(nulls.get(0));
      }
      if (!nulls.isEmpty()) {
        String names = nulls.stream().map(Column::name).collect(Collectors.joining(", "));
        return new EvaluationException(
            "of the columns %s, all null, one may not be".formatted(names));
      }
    }
    return new EvaluationException(message.replaceFirst("^evaluation error[^:]*(:\\d+)?: ", ""));
  }
}
