package dev.millrace.transforms.history;

import java.nio.LongBuffer;

/**
 * Rows of one length, in order: added at the end or between, dropped from the front, for the price
 * of what is moved. What is done for every event goes over them in one loop, without a call for
 * each. Not thread-safe.
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

  /**
   * The first row from {@code row} on that has {@code value} in a column; {@link #count} if none.
   */
  int find(int row, int column, long value) {
    int at = (first + row) * length + column;
    int found = row;
    while (found < count && values[at] != value) {
      found++;
      at += length;
    }
    return found;
  }

  /** The first of the rows just before {@code end} whose first number is above {@code value}. */
  int backWhileAbove(int end, long value) {
    int at = (first + end - 1) * length;
    int row = end;
    while (row > 0 && values[at] > value) {
      row--;
      at -= length;
    }
    return row;
  }

  /** The sum of a column of doubles over the rows {@code from} to {@code to}, the last excluded. */
  double sum(int column, int from, int to) {
    double sum = 0;
    int end = (first + to) * length + column;
    for (int at = (first + from) * length + column; at < end; at += length) {
      sum += Double.longBitsToDouble(values[at]);
    }
    return sum;
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
