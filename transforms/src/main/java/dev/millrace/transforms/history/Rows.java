package dev.millrace.transforms.history;

import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Rows of one length, in order: added at the end or between, dropped from the front, for the price
 * of what is moved. They lie column by column: what is done for every event goes over one column in
 * one loop, without a call for each row and without the others in between. A column that has never
 * had two different numbers, as when every tile counts one event, is kept as one. Not thread-safe.
 */
final class Rows {

  /** Columns behind the first so many are always kept whole: there is no bit for them. */
  private static final int MASKED = Long.SIZE;

  private final int length;

  /** How many columns in front are kept whole from the start, because their numbers differ. */
  private final int differing;

  /** A bit for each column that is kept whole. */
  private long whole;

  /** The number of each column behind {@link #differing}, then the columns that are kept whole. */
  private long[] values;

  /** How many rows there is room for, from {@link #first} on and before it. */
  private int capacity;

  private int first;
  private int count;

  /**
   * @param length how many numbers a row has
   * @param differing how many of them, in front, are expected to differ from row to row
   * @param expected how many rows there is room for at once
   */
  Rows(int length, int differing, int expected) {
    this(length, differing, (1L << differing) - 1, expected);
  }

  private Rows(int length, int differing, long whole, int expected) {
    this.length = length;
    this.differing = differing;
    this.whole = whole;
    this.capacity = expected;
    this.values = new long[singles() + expected * wholeColumns()];
  }

  int count() {
    return count;
  }

  private int singles() {
    return length - differing;
  }

  private int wholeColumns() {
    return Long.bitCount(whole) + Math.max(0, length - MASKED);
  }

  private boolean isWhole(int column) {
    return column >= MASKED || (whole >>> column & 1) != 0;
  }

  /** Where the first row is of a column that is kept whole. */
  private int column(int column) {
    int before =
        column < MASKED
            ? Long.bitCount(whole & ((1L << column) - 1))
            : Long.bitCount(whole) + column - MASKED;
    return singles() + before * capacity + first;
  }

  long get(int row, int column) {
    return isWhole(column) ? values[column(column) + row] : values[column - differing];
  }

  void set(int row, int column, long value) {
    if (!isWhole(column)) {
      int single = column - differing;
      if (count == 1) {
        values[single] = value;
      }
      if (values[single] == value) {
        return;
      }
      makeWhole(column);
    }
    values[column(column) + row] = value;
  }

  private void makeWhole(int column) {
    Rows wider = new Rows(length, differing, whole | 1L << column, capacity);
    System.arraycopy(values, 0, wider.values, 0, singles());
    for (int i = 0; i < length; i++) {
      if (isWhole(i)) {
        System.arraycopy(values, column(i), wider.values, wider.column(i), count);
      }
    }
    int start = wider.column(column);
    Arrays.fill(wider.values, start, start + count, values[column - differing]);
    whole = wider.whole;
    values = wider.values;
    first = 0;
  }

  /**
   * The first row from {@code row} on that has {@code value} in one of the differing columns;
   * {@link #count} if none.
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
    int start = column(0);
    int row = end;
    while (row > 0 && values[start + row - 1] > value) {
      row--;
    }
    return row;
  }

  /** The sum of a column of doubles over the rows {@code from} to {@code to}, the last excluded. */
  double sum(int column, int from, int to) {
    if (!isWhole(column)) {
      return (to - from) * Double.longBitsToDouble(values[column - differing]);
    }
    int at = column(column) + from;
    int end = at + to - from;
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
    if (row < count) {
      int columns = wholeColumns();
      for (int i = 0; i < columns; i++) {
        int at = singles() + i * capacity + first + row;
        System.arraycopy(values, at, values, at + 1, count - row);
      }
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
    int columns = wholeColumns();
    long[] target = larger ? new long[singles() + rows * columns] : values;
    System.arraycopy(values, 0, target, 0, singles());
    for (int i = 0; i < columns; i++) {
      System.arraycopy(
          values, singles() + i * capacity + first, target, singles() + i * rows, count);
    }
    values = target;
    capacity = rows;
    first = 0;
  }

  /** How many numbers {@link #writeTo} writes. */
  int longs() {
    return 1 + singles() + count * wholeColumns();
  }

  void writeTo(LongBuffer out) {
    out.put(whole).put(values, 0, singles());
    int columns = wholeColumns();
    for (int i = 0; i < columns; i++) {
      out.put(values, singles() + i * capacity + first, count);
    }
  }

  /** What {@link #writeTo} wrote of {@code count} rows; there is room for just them. */
  static Rows readFrom(LongBuffer in, int length, int differing, int count) {
    Rows rows = new Rows(length, differing, in.get(), count);
    in.get(rows.values);
    rows.count = count;
    return rows;
  }
}
