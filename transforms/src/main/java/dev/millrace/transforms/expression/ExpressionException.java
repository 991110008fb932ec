package dev.millrace.transforms.expression;

/**
 * An expression that cannot be used. The message quotes it and gives the position; {@link
 * #problem()} is the same without both, for a caller that adds {@link #line()} and {@link
 * #column()} to the place of the expression in its file.
 */
public final class ExpressionException extends IllegalArgumentException {

  private final String problem;
  private final int offset;
  private final int line;
  private final int column;

  ExpressionException(String source, int offset, String problem) {
    super(message(source, offset, problem));
    this.problem = problem;
    this.offset = offset;
    this.line = line(source, offset);
    this.column = column(source, offset);
  }

  private static String message(String source, int offset, String problem) {
    String line = source.contains("\n") ? "line " + line(source, offset) + ", " : "";
    return "expression '%s', %scolumn %d: %s"
        .formatted(source, line, column(source, offset), problem);
  }

  private static int line(String source, int offset) {
    return 1 + (int) source.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  private static int column(String source, int offset) {
    return offset - source.lastIndexOf('\n', offset - 1);
  }

  /** What was found and what was expected. */
  public String problem() {
    return problem;
  }

  /** Characters before the problem, from the start of the expression. */
  public int offset() {
    return offset;
  }

  /** The line of the expression, from 1. */
  public int line() {
    return line;
  }

  /** The column in that line, from 1. */
  public int column() {
    return column;
  }
}
