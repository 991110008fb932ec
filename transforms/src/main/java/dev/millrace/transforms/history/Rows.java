package dev.millrace.transforms.history;

import java.nio.LongBuffer;

/**
 * Rows of one length, in order: added at the end or between, dropped from the front, for the price
 * of what is moved. They lie column by column: what is done for every event goes over one column in
 * one loop, without a call for each row and without the others in between. Not thread-safe.
 */
final class Rows {

  private final int length;
  private long[] values;

  /** How many rows there is room for, from {@link #first} on and before it. */
  private int capacity;

  private int first;
  private int count;

  /**
   * @param length how many numbers a row has
   * @param expected how many rows there is room for at once
   */
  Rows(int length, int expected) {
    this.length = length;
    this.capacity = expected;
    this.values = new long[expected * length];
  }

  int count() {
    return count;
  }

  /** How many numbers all rows have. */
  int longs() {
    return count * length;
  }

  /** Where a column's first row is. */
  private int column(int column) {
    return column * capacity + first;
  }

  long get(int row, int column) {
    return values[column(column) + row];
  }

  void set(int row, int column, long value) {
    values[column(column) + row] = value;
  }

  /**
   * The first row from {@code row} on that has {@code value} in a column; {@link #count} if none.
   */
  int find(int row, int column, long value) {
    int start = column(column);
    int found = row;
    while (found < count && values[start + found] != value) {
      found++;
    }
    return found;
  }

  /** The first of the rows just before {@code end} whose first number is above {@code value}. */
  int backWhileAbove(int end, long value) {
    int row = end;
    while (row > 0 && values[first + row - 1] > value) {
      row--;
    }
    return row;
  }

  /** The sum of a column of doubles over the rows {@code from} to {@code to}, the last excluded. */
  double sum(int column, int from, int to) {
    int at = column(column) + from;
    int end = column(column) + to;
    // Four at a time: an addition takes as long as four that do not wait for each other.
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (; at + 4 <= end; at += 4) {
      a += Double.longBitsToDouble(values[at]);
      b += Double.longBitsToDouble(values[at + 1]);
      c += Double.longBitsToDouble(values[at + 2]);
      d += Double.longBitsToDouble(values[at + 3]);
    }
    for (; at < end; at++) {
      a += Double.longBitsToDouble(values[at]);
    }
    return (a + b) + (c + d);
  }

  /** Makes room for one row in front of {@code row}, or at the end. What is in it is undefined. */
  void insert(int row) {
    if (first + count + 1 > capacity) {
      makeRoom();
    }
    for (int i = 0; i < length; i++) {
      int at = column(i) + row;
      System.arraycopy(values, at, values, at + 1, count - row);
    }
    count++;
  }

  void dropFirst(int rows) {
    count -= rows;
    first = count == 0 ? 0 : first + rows;
  }

  /** Moves the rows to the front where that gains a quarter, or else to a larger array. */
  private void makeRoom() {
    boolean larger = first == 0 || first < capacity / 4;
    int rows = larger ? capacity + capacity / 2 + 2 : capacity;
    long[] target = larger ? new long[rows * length] : values;
    for (int i = 0; i < length; i++) {
      System.arraycopy(values, column(i), target, i * rows, count);
    }
    values = target;
    capacity = rows;
    first = 0;
  }

  void writeTo(LongBuffer out) {
    for (int i = 0; i < length; i++) {
      out.put(values, column(i), count);
    }
  }

  /** Reads {@code rows} rows into an object that has room for just them. */
  void readFrom(LongBuffer in, int rows) {
    in.get(values, 0, rows * length);
    count = rows;
  }
}
