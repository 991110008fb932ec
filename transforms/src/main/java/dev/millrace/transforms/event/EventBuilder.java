package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes events of one layout. Reusable: after {@link #build} it starts the next event, with all
 * columns null. Columns may be set in any order, each at most once an event. Not thread-safe.
 */
public final class EventBuilder {

  private final EventLayout layout;
  private final List<Column> columns;
  private final byte[] head;
  private final int[] starts;
  private final int[] ends;
  private byte[] variable = new byte[256];
  private int used;

  public EventBuilder(EventLayout layout) {
    this.layout = layout;
    this.columns = layout.columns();
    this.head = new byte[layout.variableStart()];
    this.starts = new int[columns.size()];
    this.ends = new int[columns.size()];
    clear();
  }

  /** Forgets what was set, as after an event that turned out to be bad. */
  public EventBuilder clear() {
    Arrays.fill(head, (byte) 0);
    Arrays.fill(head, 1, layout.fixedStart(), (byte) 0xff);
    Arrays.fill(starts, 0);
    Arrays.fill(ends, 0);
    head[0] = EventLayout.VERSION;
    used = 0;
    return this;
  }

  /** Starts from {@code event}, whose layout is the first columns of this one. */
  public EventBuilder extend(Event event) {
    EventLayout base = event.layout();
    List<Column> all = base.columns();
    byte[] values = event.values();
    int fixed = base.variableStart() - base.fixedStart();
    System.arraycopy(values, base.fixedStart(), head, layout.fixedStart(), fixed);
    System.arraycopy(values, 1, head, 1, all.size() / 8);
    for (int i = all.size() & ~7; i < all.size(); i++) {
      if (!all.get(i).isNull(event)) {
        present(i);
      }
    }
    for (Column column : all) {
      if (column.type().variable()) {
        starts[column.index()] = column.start(event) - base.variableStart();
        ends[column.index()] = column.end(event) - base.variableStart();
      }
    }
    append(values, base.variableStart(), values.length - base.variableStart());
    return this;
  }

  public void setBoolean(Column column, boolean value) {
    present(column.index());
    head[column.offset()] = (byte) (value ? 1 : 0);
  }

  public void setInt(Column column, int value) {
    present(column.index());
    Column.INTS.set(head, column.offset(), value);
  }

  /** An {@code INT64}, or a {@code TIMESTAMP} in milliseconds. */
  public void setLong(Column column, long value) {
    present(column.index());
    Column.LONGS.set(head, column.offset(), value);
  }

  public void setFloat(Column column, float value) {
    present(column.index());
    Column.FLOATS.set(head, column.offset(), value);
  }

  public void setDouble(Column column, double value) {
    present(column.index());
    Column.DOUBLES.set(head, column.offset(), value);
  }

  public void setString(Column column, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    setBytes(column, bytes, 0, bytes.length);
  }

  /** The bytes of a {@code BYTES} column, or the UTF-8 of a {@code STRING} one. */
  public void setBytes(Column column, byte[] bytes, int from, int length) {
    present(column.index());
    starts[column.index()] = used;
    append(bytes, from, length);
    ends[column.index()] = used;
  }

  /** Any value as {@link Column#value} gives it; null leaves the column null. */
  public void setValue(Column column, @Nullable Object value) {
    if (value == null) {
      return;
    }
    switch (column.type()) {
      case BOOLEAN -> setBoolean(column, (Boolean) value);
      case INT32 -> setInt(column, ((Number) value).intValue());
      case INT64 -> setLong(column, ((Number) value).longValue());
      case FLOAT -> setFloat(column, ((Number) value).floatValue());
      case DOUBLE -> setDouble(column, ((Number) value).doubleValue());
      case TIMESTAMP -> setLong(column, ((Instant) value).getMillis());
      case STRING -> setString(column, (String) value);
      case BYTES -> setBytes(column, (byte[]) value, 0, ((byte[]) value).length);
    }
  }

  /**
   * The event of what was set; the builder is empty again.
   *
   * @throws IllegalStateException naming a column that may not be null and was not set
   */
  public Event build(String id, long time, Origin origin) {
    byte[] values = new byte[head.length + used];
    int end = 0;
    for (Column column : columns) {
      int i = column.index();
      if (!column.nullable() && (head[1 + (i >> 3)] & (1 << (i & 7))) != 0) {
        throw new IllegalStateException("column '%s' has no value".formatted(column.name()));
      }
      if (column.type().variable()) {
        int length = ends[i] - starts[i];
        System.arraycopy(variable, starts[i], values, head.length + end, length);
        end += length;
        Column.INTS.set(head, column.offset(), end);
      }
    }
    System.arraycopy(head, 0, values, 0, head.length);
    clear();
    return new Event(layout, id, time, origin, values);
  }

  private void present(int column) {
    head[1 + (column >> 3)] &= (byte) ~(1 << (column & 7));
  }

  private void append(byte[] bytes, int from, int length) {
    if (used + length > variable.length) {
      variable = Arrays.copyOf(variable, Math.max(used + length, variable.length * 2));
    }
    System.arraycopy(bytes, from, variable, used, length);
    used += length;
  }
}
