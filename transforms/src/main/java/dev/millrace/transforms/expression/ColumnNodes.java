package dev.millrace.transforms.expression;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.expression.Node.BooleanNode;
import dev.millrace.transforms.expression.Node.BytesNode;
import dev.millrace.transforms.expression.Node.DoubleNode;
import dev.millrace.transforms.expression.Node.LongNode;
import dev.millrace.transforms.expression.Node.StringNode;
import dev.millrace.transforms.expression.Node.TimestampNode;

/** References to columns. One that may be null fails where it is. */
final class ColumnNodes {

  private ColumnNodes() {}

  static Node of(Column column) {
    return column.nullable() ? nullable(column) : present(column);
  }

  private static Node present(Column column) {
    return switch (column.type()) {
      case BOOLEAN -> (BooleanNode) column::getBoolean;
      case INT32 -> (LongNode) column::getInt;
      case INT64 -> (LongNode) column::getLong;
      case FLOAT -> (DoubleNode) column::getFloat;
      case DOUBLE -> (DoubleNode) column::getDouble;
      case DECIMAL -> (DoubleNode) column::asDouble;
      case TIMESTAMP -> (TimestampNode) column::getLong;
      case TIMESTAMP_MICROS, DATE -> (TimestampNode) column::getMillis;
      case STRING, ENUM, UUID -> (StringNode) column::getString;
      case BYTES -> (BytesNode) column::getBytes;
      case LIST, MAP, RECORD -> throw new NotCompiled();
    };
  }

  private static Node nullable(Column column) {
    return switch (column.type()) {
      case BOOLEAN -> (BooleanNode) event -> checked(column, event).getBoolean(event);
      case INT32 -> (LongNode) event -> checked(column, event).getInt(event);
      case INT64 -> (LongNode) event -> checked(column, event).getLong(event);
      case FLOAT -> (DoubleNode) event -> checked(column, event).getFloat(event);
      case DOUBLE -> (DoubleNode) event -> checked(column, event).getDouble(event);
      case DECIMAL -> (DoubleNode) event -> checked(column, event).asDouble(event);
      case TIMESTAMP -> (TimestampNode) event -> checked(column, event).getLong(event);
      case TIMESTAMP_MICROS, DATE ->
          (TimestampNode) event -> checked(column, event).getMillis(event);
      case STRING, ENUM, UUID -> (StringNode) event -> checked(column, event).getString(event);
      case BYTES -> (BytesNode) event -> checked(column, event).getBytes(event);
      case LIST, MAP, RECORD -> throw new NotCompiled();
    };
  }

  private static Column checked(Column column, Event event) {
    if (column.isNull(event)) {
      throw EvaluationException.nullColumn(column);
    }
    return column;
  }
}
