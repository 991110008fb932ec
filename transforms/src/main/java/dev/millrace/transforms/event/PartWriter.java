package dev.millrace.transforms.event;

import java.util.Arrays;
import java.util.List;

/**
 * Writes the bytes of one part of an event. Reusable: after {@link #finish} it starts the next, all
 * columns null. Not thread-safe.
 *
 * <p>Values are written to where the event will have them, into an array of the last one's size: a
 * part of that size, with its variable columns in order, is made without a copy.
 */
final class PartWriter {

  private final List<Column> columns;
  private final Column[] variable;
  private final byte[] empty;
  private final byte[] required;
  private final int[] starts;
  private final int[] ends;

  // The part's head and, from its length on, what its variable columns hold.
  private byte[] values = {};
  private boolean started;
  private int used;
  private int lastUsed;

  // While variable columns come in order, they lie as the event wants them.
  private boolean inOrder = true;
  private int newest = -1;

  PartWriter(EventLayout.Part part) {
    this.columns = part.columns();
    this.variable = columns.stream().filter(c -> c.type().variable()).toArray(Column[]::new);
    this.starts = new int[columns.size()];
    this.ends = new int[columns.size()];
    this.required = new byte[part.fixedStart()];
    columns.stream()
        .filter(column -> !column.nullable())
        .forEach(c -> required[c.place() >> 3] |= (byte) (1 << (c.place() & 7)));
    this.empty = new byte[part.variableStart()];
    Arrays.fill(empty, 0, part.fixedStart(), (byte) 0xff);
  }

  void clear() {
    started = false;
    used = 0;
    inOrder = true;
    newest = -1;
  }

  void setNull(Column column) {
    if (!started) {
      return;
    }
    values[column.place() >> 3] |= (byte) (1 << (column.place() & 7));
    inOrder &= !column.type().variable();
  }

  /** Where the slots are, for a column that has a value from now on. */
  byte[] present(Column column) {
    if (!started) {
      start(lastUsed);
    }
    values[column.place() >> 3] &= (byte) ~(1 << (column.place() & 7));
    return values;
  }

  void setBytes(Column column, byte[] bytes, int from, int length) {
    present(column);
    int place = column.place();
    inOrder &= place > newest;
    newest = place;
    starts[place] = used;
    append(bytes, from, length);
    ends[place] = used;
  }

  /**
   * The part's bytes.
   *
   * @throws IllegalStateException naming a column that may not be null and was not set
   */
  byte[] finish() {
    if (!started) {
      start(0);
    }
    checkRequired();
    byte[] target = inOrder ? values : Arrays.copyOf(values, values.length);
    int end = 0;
    for (Column column : variable) {
      int place = column.place();
      if (isPresent(place)) {
        int length = ends[place] - starts[place];
        if (!inOrder) {
          System.arraycopy(
              values, empty.length + starts[place], target, empty.length + end, length);
        }
        end += length;
      }
      Column.INTS.set(target, column.offset(), end);
    }
    if (target.length != empty.length + end) {
      target = Arrays.copyOf(target, empty.length + end);
    }
    lastUsed = end;
    clear();
    return target;
  }

  private void checkRequired() {
    for (int i = 0; i < required.length; i++) {
      int missing = values[i] & required[i];
      if (missing != 0) {
        int place = i * 8 + Integer.numberOfTrailingZeros(missing);
        throw new IllegalStateException(
            "column '%s' has no value".formatted(columns.get(place).name()));
      }
    }
  }

  private boolean isPresent(int place) {
    return (values[place >> 3] & (1 << (place & 7))) == 0;
  }

  /** Starts a part with room for so many variable bytes. */
  private void start(int room) {
    values = new byte[empty.length + room];
    System.arraycopy(empty, 0, values, 0, empty.length);
    started = true;
  }

  private void append(byte[] bytes, int from, int length) {
    int at = empty.length + used;
    if (at + length > values.length) {
      values = Arrays.copyOf(values, Math.max(at + length, empty.length + 2 * used));
    }
    System.arraycopy(bytes, from, values, at, length);
    used += length;
  }
}
