package dev.millrace.pipelines.schema;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.expression.EvaluationException;
import dev.millrace.transforms.expression.Expression;

/**
 * Tries what an expression makes of a null. It is evaluated on two events that have null in one
 * column, and in all others low values or high ones; what fails on neither may still fail on a
 * third.
 *
 * @param over the layout that the expression was compiled for
 */
record NullProbe(Expression expression, EventLayout over) {

  /** Whether it reads the column, which may be null, and fails where it is. */
  boolean failsOn(String column) {
    return expression.columns().contains(column)
        && over.column(column).nullable()
        && (fails(column, 0) || fails(column, 1));
  }

  private boolean fails(String column, int value) {
    EventBuilder builder = new EventBuilder(over);
    for (Column each : over.columns()) {
      if (!each.name().equals(column)) {
        set(builder, each, value);
      }
    }
    Event event = builder.build(Origin.NONE);
    try {
      expression.value(event);
      return false;
    } catch (EvaluationException e) {
      return true;
    }
  }

  /** Of other types an expression can only ask whether it is null. */
  private static void set(EventBuilder builder, Column column, int value) {
    switch (column.type()) {
      case BOOLEAN -> builder.setBoolean(column, value > 0);
      case ENUM -> builder.setInt(column, 0);
      case INT32, DATE -> builder.setInt(column, value);
      case INT64, TIMESTAMP, TIMESTAMP_MICROS -> builder.setLong(column, value);
      case FLOAT -> builder.setFloat(column, value);
      case DOUBLE -> builder.setDouble(column, value);
      case STRING -> builder.setString(column, value > 0 ? "text" : "");
      case UUID, BYTES, DECIMAL, LIST, MAP, RECORD -> {}
    }
  }
}
