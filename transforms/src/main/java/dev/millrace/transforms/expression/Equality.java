package dev.millrace.transforms.expression;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.expression.Node.BooleanNode;
import dev.millrace.transforms.expression.Node.BytesNode;
import dev.millrace.transforms.expression.Node.DoubleNode;
import dev.millrace.transforms.expression.Node.LongNode;
import dev.millrace.transforms.expression.Node.StringNode;
import dev.millrace.transforms.expression.Node.TimestampNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CEL's {@code ==} and {@code in}. Here, and nowhere else, null is a value: equal to itself. */
final class Equality {

  private Equality() {}

  /** Of two nodes that are never null. */
  static BooleanNode of(Node left, Node right) {
    if (left instanceof LongNode a && right instanceof LongNode b) {
      return e -> a.get(e) == b.get(e);
    }
    if (left instanceof DoubleNode a && right instanceof DoubleNode b) {
      return e -> a.get(e) == b.get(e);
    }
    if (left instanceof BooleanNode a && right instanceof BooleanNode b) {
      return e -> a.test(e) == b.test(e);
    }
    if (left instanceof StringNode a && right instanceof StringNode b) {
      return e -> a.get(e).equals(b.get(e));
    }
    if (left instanceof TimestampNode a && right instanceof TimestampNode b) {
      return e -> a.millis(e) == b.millis(e);
    }
    if (left instanceof BytesNode a && right instanceof BytesNode b) {
      return e -> Arrays.equals(a.get(e), b.get(e));
    }
    throw new NotCompiled();
  }

  /** Of two nodes of which one or both are references to a column that may be null. */
  static BooleanNode ofNullable(
      Node left, @Nullable Column leftColumn, Node right, @Nullable Column rightColumn) {
    BooleanNode values = of(left, right);
    return e -> {
      boolean leftNull = isNull(leftColumn, e);
      boolean rightNull = isNull(rightColumn, e);
      if (!leftNull && !rightNull) {
        return values.test(e);
      }
      // The other side is evaluated all the same: its error is the error of the comparison.
      if (!leftNull) {
        left.value(e);
      } else if (!rightNull) {
        right.value(e);
      }
      return leftNull && rightNull;
    };
  }

  private static boolean isNull(@Nullable Column column, Event event) {
    return column != null && column.isNull(event);
  }

  /** Whether the value is one of {@code constants}; null is none of them. */
  static BooleanNode oneOf(Node value, @Nullable Column nullable, List<Object> constants) {
    BooleanNode present = oneOf(value, constants);
    return nullable == null ? present : e -> !nullable.isNull(e) && present.test(e);
  }

  private static BooleanNode oneOf(Node value, List<Object> constants) {
    if (value instanceof StringNode a) {
      Set<Object> set = new HashSet<>(constants);
      return e -> set.contains(a.get(e));
    }
    if (value instanceof LongNode a) {
      long[] sorted = constants.stream().mapToLong(c -> longOf(c)).sorted().toArray();
      return e -> Arrays.binarySearch(sorted, a.get(e)) >= 0;
    }
    throw new NotCompiled();
  }

  private static long longOf(Object constant) {
    if (constant instanceof Long number) {
      return number;
    }
    throw new NotCompiled();
  }
}
