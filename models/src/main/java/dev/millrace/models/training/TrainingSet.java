package dev.millrace.models.training;

import java.util.Arrays;
import java.util.List;

/**
 * Labelled rows of named columns, in memory: four bytes a value, so 7 days of 9,600 rows with 15
 * columns take 4 MB.
 *
 * <p>The order of the rows is part of the set: the same rows in another order train to other
 * weights.
 */
public final class TrainingSet {

  private final List<String> columns;
  private float[] values = new float[0];
  private boolean[] labels = new boolean[0];
  private int size;
  private int positives;

  private TrainingSet(List<String> columns) {
    this.columns = columns;
  }

  /** An empty set whose rows have these columns, in this order. */
  public static TrainingSet of(List<String> columns) {
    if (columns.isEmpty() || columns.stream().distinct().count() < columns.size()) {
      throw new IllegalArgumentException(
          "columns: found " + columns + ", expected one or more, each once");
    }
    return new TrainingSet(List.copyOf(columns));
  }

  /**
   * Adds a copy of {@code row}. A model learns nothing from values that are not finite, so they are
   * refused.
   */
  public void add(float[] row, boolean label) {
    if (row.length != columns.size()) {
      throw new IllegalArgumentException(
          "row " + size + ": found " + row.length + " values, expected " + columns.size());
    }
    for (int i = 0; i < row.length; i++) {
      if (!Float.isFinite(row[i])) {
        throw new IllegalArgumentException(
            "row "
                + size
                + ", column "
                + columns.get(i)
                + ": found "
                + row[i]
                + ", expected a finite number");
      }
    }
    if (size == labels.length) {
      int capacity = Math.max(1024, size * 2);
      labels = Arrays.copyOf(labels, capacity);
      values = Arrays.copyOf(values, Math.multiplyExact(capacity, columns.size()));
    }
    System.arraycopy(row, 0, values, size * row.length, row.length);
    labels[size++] = label;
    positives += label ? 1 : 0;
  }

  public List<String> columns() {
    return columns;
  }

  public int size() {
    return size;
  }

  /** How many rows are labelled true. */
  public int positives() {
    return positives;
  }

  public boolean label(int row) {
    return labels[row];
  }

  /** A copy of one row. */
  public float[] row(int row) {
    int width = columns.size();
    return Arrays.copyOfRange(values, row * width, (row + 1) * width);
  }

  float value(int row, int column) {
    return values[row * columns.size() + column];
  }

  void copyRow(int row, float[] target, int at) {
    System.arraycopy(values, row * columns.size(), target, at, columns.size());
  }
}
