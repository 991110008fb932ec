package dev.millrace.pipelines.spec;

/**
 * Where a value of a spec was written: {@code card-fraud.yaml:12:5} in a file, {@code --set
 * infer.batchSize} on the command line, or just its path when the spec was made in code.
 *
 * @param line from 1, or 0 when the source has no lines
 * @param column from 1, or 0 when the source has no lines
 */
public record Place(String source, int line, int column) {

  /** A place in something that has no lines. */
  public static Place of(String source) {
    return new Place(source, 0, 0);
  }

  /** True when the value stands in a file, false for the command line and for code. */
  public boolean isInFile() {
    return line > 0;
  }

  @Override
  public String toString() {
    return isInFile() ? source + ":" + line + ":" + column : source;
  }
}
