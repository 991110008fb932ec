package dev.millrace.transforms.expression;

import dev.millrace.transforms.event.Column;

/**
 * An expression that is right failed on one event: a division by zero, a number out of range, a
 * column that is null. The message has the expression, the cause and the values of the columns that
 * were read: {@code '1 / n > 0' fails: division by zero: 1 / 0 (n = 0)}.
 */
public final class EvaluationException extends RuntimeException {

  EvaluationException(String message) {
    // Without a stack trace, which would cost more than the evaluation and say nothing of the data.
    super(message, null, false, false);
  }

  static EvaluationException nullColumn(Column column) {
    return new EvaluationException("column '%s' is null".formatted(column.name()));
  }
}
