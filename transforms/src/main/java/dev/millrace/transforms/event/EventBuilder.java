package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes events of one layout. Reusable: after {@link #build} it starts the next event, with all
 * columns null. Columns may be set in any order; of a column that is set twice the last value
 * counts. Not thread-safe.
 */
public final class EventBuilder {

  private final EventLayout layout;
  private final List<Column> columns;
  private final int[] variableColumns;
  private final byte[] empty;
  private final byte[] required;
  private final byte[] head;
  private final int[] starts;
  private final int[] ends;
  private byte[] variable = new byte[256];
  private int used;

  // While variable columns come in order, they lie as the event wants them.
  private boolean inOrder = true;
  private int newest = -1;

  // The first variable columns, whose ends in the head are those of the event that is extended.
  private int settled;

  public EventBuilder(EventLayout layout) {
    this.layout = layout;
    this.columns = layout.columns();
    this.head = new byte[layout.variableStart()];
    this.starts = new int[columns.size()];
    this.ends = new int[columns.size()];
    this.variableColumns =
        columns.stream().filter(c -> c.type().variable()).mapToInt(Column::index).toArray();
    this.required = new byte[layout.fixedStart()];
    columns.stream()
        .filter(column -> !column.nullable())
        .forEach(c -> required[1 + (c.index() >> 3)] |= (byte) (1 << (c.index() & 7)));
    this.empty = new byte[layout.variableStart()];
    Arrays.fill(empty, 1, layout.fixedStart(), (byte) 0xff);
    empty[0] = EventLayout.VERSION;
    clear();
  }

  /** Forgets what was set, as after an event that turned out to be bad. */
  public EventBuilder clear() {
    System.arraycopy(empty, 0, head, 0, head.length);
    used = 0;
    inOrder = true;
    newest = -1;
    settled = 0;
    return this;
  }

  /** Starts from {@code event}, whose layout is the first columns of this one. */
  public EventBuilder extend(Event event) {
    EventLayout base = event.layout();
    int size = base.columns().size();
    byte[] values = event.values();
    int fixed = base.variableStart() - base.fixedStart();
    System.arraycopy(values, base.fixedStart(), head, layout.fixedStart(), fixed);
    // The bits behind the last column's say null, as those of columns that are not set yet.
    System.arraycopy(values, 1, head, 1, base.fixedStart() - 1);
    while (settled < variableColumns.length && variableColumns[settled] < size) {
      settled++;
    }
    newest = size - 1;
    append(values, base.variableStart(), values.length - base.variableStart());
    return this;
  }

  /** One of them is set to something else: from now on each is kept track of. */
  private void unsettle() {
    int start = 0;
    for (int i = 0; i < settled; i++) {
      int end = (int) Column.INTS.get(head, columns.get(variableColumns[i]).offset());
      starts[variableColumns[i]] = start;
      ends[variableColumns[i]] = end;
      start = end;
    }
    settled = 0;
  }

  /** Makes a column null again. */
  public void setNull(Column column) {
    if (settled > 0 && column.type().variable()) {
      unsettle();
    }
    head[1 + (column.index() >> 3)] |= (byte) (1 << (column.index() & 7));
    inOrder &= !column.type().variable();
  }

  /** Makes a record that may be null one that is there. */
  public void setPresent(Column record) {
    present(record.index());
  }

  public void setBoolean(Column column, boolean value) {
    present(column.index());
    head[column.offset()] = (byte) (value ? 1 : 0);
  }

  /** An {@code INT32}, the days of a {@code DATE}, or the index of an {@code ENUM}'s symbol. */
  public void setInt(Column column, int value) {
    present(column.index());
    Column.INTS.set(head, column.offset(), value);
  }

  /** An {@code INT64}, or a timestamp in its unit. */
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

  public void setUuid(Column column, UUID value) {
    present(column.index());
    Column.LONGS.set(head, column.offset(), value.getMostSignificantBits());
    Column.LONGS.set(head, column.offset() + 8, value.getLeastSignificantBits());
  }

  public void setString(Column column, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    setBytes(column, bytes, 0, bytes.length);
  }

  /**
   * The bytes of a {@code BYTES} column, the UTF-8 of a {@code STRING} one, or the unscaled value
   * of a {@code DECIMAL} one, big-endian.
   */
  public void setBytes(Column column, byte[] bytes, int from, int length) {
    int i = column.index();
    present(i);
    if (i <= newest) {
      inOrder = false;
      unsettle();
    }
    newest = i;
    starts[i] = used;
    append(bytes, from, length);
    ends[i] = used;
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
      case TIMESTAMP_MICROS -> setLong(column, AvroValues.micros((java.time.Instant) value));
      case DATE -> setInt(column, (int) ((LocalDate) value).toEpochDay());
      case UUID -> setUuid(column, (UUID) value);
      case ENUM -> setInt(column, ((EnumerationType.Value) value).getValue());
      case DECIMAL -> {
        byte[] unscaled = ((BigDecimal) value).unscaledValue().toByteArray();
        setBytes(column, unscaled, 0, unscaled.length);
      }
      case STRING -> setString(column, (String) value);
      case BYTES -> setBytes(column, (byte[]) value, 0, ((byte[]) value).length);
      case LIST, MAP -> setCollection(column, value);
      case RECORD -> setPresent(column);
    }
  }

  private void setCollection(Column column, Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      AvroValues.write(column.fieldType(), column.collectionSchema(), value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    setBytes(column, out.toByteArray(), 0, out.size());
  }

  /**
   * The event of what was set; the builder is empty again.
   *
   * @throws IllegalStateException naming a column that may not be null and was not set
   */
  public Event build(String id, long time, Origin origin) {
    checkRequired();
    byte[] values = new byte[head.length + used];
    int end =
        settled == 0
            ? 0
            : (int) Column.INTS.get(head, columns.get(variableColumns[settled - 1]).offset());
    for (int next = settled; next < variableColumns.length; next++) {
      int i = variableColumns[next];
      Column column = columns.get(i);
      if (isPresent(i)) {
        int length = ends[i] - starts[i];
        if (!inOrder) {
          System.arraycopy(variable, starts[i], values, head.length + end, length);
        }
        end += length;
      }
      Column.INTS.set(head, column.offset(), end);
    }
    if (inOrder) {
      System.arraycopy(variable, 0, values, head.length, used);
    } else if (end < used) {
      values = Arrays.copyOf(values, head.length + end);
    }
    System.arraycopy(head, 0, values, 0, head.length);
    clear();
    return new Event(layout, id, time, origin, values);
  }

  private void checkRequired() {
    for (int i = 1; i < required.length; i++) {
      int missing = head[i] & required[i];
      if (missing != 0) {
        int index = (i - 1) * 8 + Integer.numberOfTrailingZeros(missing);
        throw new IllegalStateException(
            "column '%s' has no value".formatted(columns.get(index).name()));
      }
    }
  }

  private boolean isPresent(int column) {
    return (head[1 + (column >> 3)] & (1 << (column & 7))) == 0;
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
