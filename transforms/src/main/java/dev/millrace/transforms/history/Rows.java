package dev.millrace.transforms.history;

import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A table in a key's state: rows of one length, in order, added at the end or between, dropped from
 * the front, for the price of what is moved. They lie column by column: what is done for every
 * event goes over one column in one loop, without a call for each row and without the others in
 * between. A column that has never had two different numbers, as when every tile counts one event,
 * is kept as one.
 *
 * <p>One instance serves key after key: {@link #in}. It keeps nothing itself; all is in the state's
 * one array, for each other object of a key that has to be looked up costs as much as the work on
 * it. Not thread-safe.
 */
final class Rows {

  /** What a table has in its state's head, beside its place in the array. */
  static final int HEAD = 4;

  private static final int FIRST = 0;
  private static final int COUNT = 1;
  private static final int CAPACITY = 2;
  private static final int WHOLE = 3;

  /** Columns behind the first so many are always kept whole: there is no bit for them. */
  private static final int MASKED = Long.SIZE;

  private final int length;

  /** How many columns in front are kept whole from the start, because their numbers differ. */
  private final int differing;

  private final int head;
  private final @Nullable Rows before;
  private HistoryState state;

  /**
   * @param length how many numbers a row has
   * @param differing how many of them, in front, are expected to differ from row to row
   * @param head where its head is in a state's array
   * @param before the table before it, if any
   */
  @SuppressWarnings("NullAway.Init") // looked at only in a state
  Rows(int length, int differing, int head, @Nullable Rows before) {
    this.length = length;
    this.differing = differing;
    this.head = head;
    this.before = before;
  }

  /** From now on it is the table of this state. */
  void in(HistoryState state) {
    this.state = state;
  }

  /** Makes a table of a state that has none, with room for so many rows. */
  void create(int expected) {
    long[] longs = state.longs;
    longs[head + FIRST] = 0;
    longs[head + COUNT] = 0;
    longs[head + CAPACITY] = expected;
    longs[head + WHOLE] = (1L << differing) - 1;
    state.longs = Arrays.copyOf(longs, longs.length + singles() + expected * wholeColumns());
  }

  int count() {
    return (int) state.longs[head + COUNT];
  }

  private int first() {
    return (int) state.longs[head + FIRST];
  }

  /** How many rows there is room for, from {@link #first} on and before it. */
  private int capacity() {
    return (int) state.longs[head + CAPACITY];
  }

  /** A bit for each column that is kept whole. */
  private long whole() {
    return state.longs[head + WHOLE];
  }

  /**
   * Where it is: the number of each column behind {@link #differing}, then the columns that are
   * kept whole.
   */
  private int start() {
    return before == null ? HistoryState.HEAD : before.end();
  }

  private int end() {
    return start() + singles() + capacity() * wholeColumns();
  }

  private int singles() {
    return length - differing;
  }

  private int wholeColumns() {
    return Long.bitCount(whole()) + Math.max(0, length - MASKED);
  }

  private boolean isWhole(int column) {
    return column >= MASKED || (whole() >>> column & 1) != 0;
  }

  /** Where the number is of a column that is kept as one. */
  private int single(int column) {
    return start() + column - differing;
  }

  /** Where the first row is of a column that is kept whole. */
  private int column(int column) {
    long whole = whole();
    int before =
        column < MASKED
            ? Long.bitCount(whole & ((1L << column) - 1))
            : Long.bitCount(whole) + column - MASKED;
    return start() + singles() + before * capacity() + first();
  }

  long get(int row, int column) {
    return state.longs[isWhole(column) ? column(column) + row : single(column)];
  }

  void set(int row, int column, long value) {
    if (!isWhole(column)) {
      int single = single(column);
      if (count() == 1) {
        state.longs[single] = value;
      }
      if (state.longs[single] == value) {
        return;
      }
      makeWhole(column);
    }
    state.longs[column(column) + row] = value;
  }

  private void makeWhole(int column) {
    long number = state.longs[single(column)];
    rearrange(capacity(), whole() | 1L << column);
    int from = column(column);
    Arrays.fill(state.longs, from, from + count(), number);
  }

  /**
   * The first row from {@code row} on that has {@code value} in one of the differing columns;
   * {@link #count} if none.
   */
  int find(int row, int column, long value) {
    long[] longs = state.longs;
    int start = column(column);
    int count = count();
    int found = row;
    while (found < count && longs[start + found] != value) {
      found++;
    }
    return found;
  }

  /**
   * The first of the rows before {@code end} whose first number is above {@code value}, where these
   * ascend; {@code end} if none is. It looks where that would be if they ascended evenly, and from
   * there on.
   */
  int firstAbove(int end, long value) {
    long[] longs = state.longs;
    int start = column(0);
    if (end == 0 || longs[start + end - 1] <= value) {
      return end;
    }
    long least = longs[start];
    if (least > value) {
      return 0;
    }
    double part = (double) (value - least) / (longs[start + end - 1] - least);
    int row = (int) (part * (end - 1));
    while (longs[start + row] <= value) {
      row++;
    }
    while (longs[start + row - 1] > value) {
      row--;
    }
    return row;
  }

  /** The sum of a column of doubles over the rows {@code from} to {@code to}, the last excluded. */
  double sum(int column, int from, int to) {
    long[] longs = state.longs;
    if (from == to) {
      return 0; // also where a number is infinite
    }
    if (!isWhole(column)) {
      return (to - from) * Double.longBitsToDouble(longs[single(column)]);
    }
    int at = column(column) + from;
    int end = at + to - from;
    // Four at a time: an addition takes as long as four that do not wait for each other.
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (; at + 4 <= end; at += 4) {
      a += Double.longBitsToDouble(longs[at]);
      b += Double.longBitsToDouble(longs[at + 1]);
      c += Double.longBitsToDouble(longs[at + 2]);
      d += Double.longBitsToDouble(longs[at + 3]);
    }
    for (; at < end; at++) {
      a += Double.longBitsToDouble(longs[at]);
    }
    return (a + b) + (c + d);
  }

  /** Makes room for one row in front of {@code row}, or at the end. What is in it is undefined. */
  void insert(int row) {
    int count = count();
    if (first() + count + 1 > capacity()) {
      makeRoom();
    }
    if (row < count) {
      int columns = wholeColumns();
      int start = start() + singles() + first() + row;
      for (int i = 0; i < columns; i++) {
        int at = start + i * capacity();
        System.arraycopy(state.longs, at, state.longs, at + 1, count - row);
      }
    }
    state.longs[head + COUNT] = count + 1L;
  }

  void dropFirst(int rows) {
    int count = count() - rows;
    state.longs[head + COUNT] = count;
    state.longs[head + FIRST] = count == 0 ? 0 : (long) first() + rows;
  }

  /** Moves the rows to the front where that gains a quarter, or else to a larger array. */
  private void makeRoom() {
    int capacity = capacity();
    boolean larger = first() == 0 || first() < capacity / 4;
    rearrange(larger ? capacity + capacity / 2 + 2 : capacity, whole());
  }

  /** How many numbers {@link #write} writes. */
  int longs() {
    return singles() + count() * wholeColumns();
  }

  /** Writes the head that the table has when there is room for just its rows. */
  void writeHead(LongBuffer out) {
    out.put(0).put(count()).put(count()).put(whole());
  }

  /** Writes that table. */
  void write(LongBuffer out) {
    out.put(state.longs, start(), singles());
    int columns = wholeColumns();
    int from = start() + singles() + first();
    for (int i = 0; i < columns; i++) {
      out.put(state.longs, from + i * capacity(), count());
    }
  }

  /**
   * Moves the rows to the front, with room for {@code capacity}, and with these columns kept whole:
   * at least those that are. What is in a column that was not is undefined.
   */
  private void rearrange(int capacity, long whole) {
    long[] from = state.longs;
    int start = start();
    int end = end();
    int columns = Long.bitCount(whole) + Math.max(0, length - MASKED);
    int newEnd = start + singles() + capacity * columns;
    long[] to = newEnd == end && whole == whole() ? from : new long[from.length - end + newEnd];
    int[] columnsFrom = new int[length];
    for (int i = 0; i < length; i++) {
      columnsFrom[i] = isWhole(i) ? column(i) : -1;
    }
    if (to != from) {
      System.arraycopy(from, 0, to, 0, start + singles());
      System.arraycopy(from, end, to, newEnd, from.length - end);
      state.longs = to;
    }
    to[head + FIRST] = 0;
    to[head + CAPACITY] = capacity;
    to[head + WHOLE] = whole;
    for (int i = 0; i < length; i++) {
      if (columnsFrom[i] >= 0) {
        System.arraycopy(from, columnsFrom[i], to, column(i), count());
      }
    }
  }
}
