package dev.millrace.transforms.history;

import java.nio.LongBuffer;

/**
 * Rows of one length, in order: added at the end or between, dropped from the front, for the price
 * of what is moved. Not thread-safe.
 */
final class Rows {

  private final int length;
  private long[] values;
  private int first;
  private int count;

  /**
   * @param length how many numbers a row has
   * @param expected how many rows there is room for at once
   */
  Rows(int length, int expected) {
    this.length = length;
    this.values = new long[expected * length];
  }

  int count() {
    return count;
  }

  /** How many numbers all rows have. */
  int longs() {
    return count * length;
  }

  long get(int row, int column) {
    return values[(first + row) * length + column];
  }

  void set(int row, int column, long value) {
    values[(first + row) * length + column] = value;
  }

  /** Makes room for one row in front of {@code row}, or at the end. What is in it is undefined. */
  void insert(int row) {
    if ((first + count + 1) * length > values.length) {
      makeRoom();
    }
    int at = (first + row) * length;
    System.arraycopy(values, at, values, at + length, (count - row) * length);
    count++;
  }

  void dropFirst(int rows) {
    count -= rows;
    first = count == 0 ? 0 : first + rows;
  }

  /** Moves the rows to the front where that gains a quarter, or else to a larger array. */
  private void makeRoom() {
    int rows = values.length / length;
    long[] target =
        first > 0 && first >= rows / 4 ? values : new long[(rows + rows / 2 + 4) * length];
    System.arraycopy(values, first * length, target, 0, longs());
    values = target;
    first = 0;
  }

  void writeTo(LongBuffer out) {
    out.put(values, first * length, longs());
  }

  /** Reads {@code rows} rows into an object that has room for just them. */
  void readFrom(LongBuffer in, int rows) {
    in.get(values, 0, rows * length);
    count = rows;
  }
}
