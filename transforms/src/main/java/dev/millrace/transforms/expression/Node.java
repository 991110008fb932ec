package dev.millrace.transforms.expression;

import dev.millrace.transforms.event.Event;

/**
 * A part of an expression, ready to run. Each kind returns its own primitive type, so that numbers
 * and conditions are never boxed on their way to the root.
 */
sealed interface Node {

  /** The result as {@code Column.value} would give it, a timestamp aside: that is milliseconds. */
  Object value(Event event);

  @FunctionalInterface
  non-sealed interface BooleanNode extends Node {
    boolean test(Event event);

    @Override
    default Object value(Event event) {
      return test(event);
    }
  }

  @FunctionalInterface
  non-sealed interface LongNode extends Node {
    long get(Event event);

    @Override
    default Object value(Event event) {
      return get(event);
    }
  }

  @FunctionalInterface
  non-sealed interface DoubleNode extends Node {
    double get(Event event);

    @Override
    default Object value(Event event) {
      return get(event);
    }
  }

  /** Milliseconds since 1970-01-01T00:00Z. */
  @FunctionalInterface
  non-sealed interface TimestampNode extends Node {
    long millis(Event event);

    @Override
    default Object value(Event event) {
      return millis(event);
    }
  }

  @FunctionalInterface
  non-sealed interface StringNode extends Node {
    String get(Event event);

    @Override
    default Object value(Event event) {
      return get(event);
    }
  }

  @FunctionalInterface
  non-sealed interface BytesNode extends Node {
    byte[] get(Event event);

    @Override
    default Object value(Event event) {
      return get(event);
    }
  }
}
