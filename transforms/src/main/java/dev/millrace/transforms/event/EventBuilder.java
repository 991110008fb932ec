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
 *
 * <p>Values are written to where the event will have them, into an array of the last event's size:
 * an event of that size, with its variable columns in order, is built without a copy.
 */
public final class EventBuilder {

  private static final byte[] NOT_STARTED = {};

  private final EventLayout layout;
  private final List<Column> columns;
  private final int[] variableColumns;
  private final byte[] empty;
  private final byte[] required;
  private final int[] starts;
  private final int[] ends;

  // The event's head and, from its length on, what its variable columns hold.
  private byte[] values = NOT_STARTED;
  private int used;

  // How many variable bytes the last event had; how many it had more than what it extended.
  private int lastUsed;
  private int lastAdded;
  private int extended;

  // While variable columns come in order, they lie as the event wants them.
  private boolean inOrder = true;
  private int newest = -1;

  // The first variable columns, whose ends in the head are those of the event that is extended.
  private int settled;

  public EventBuilder(EventLayout layout) {
    this.layout = layout;
    this.columns = layout.columns();
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
  }

  /** Forgets what was set, as after an event that turned out to be bad. */
  public EventBuilder clear() {
    values = NOT_STARTED;
    used = 0;
    extended = 0;
    inOrder = true;
    newest = -1;
    settled = 0;
    return this;
  }

  /** Starts an event with room for so many variable bytes. */
  private void start(int room) {
    values = new byte[empty.length + room];
    System.arraycopy(empty, 0, values, 0, empty.length);
  }

  /** Starts from {@code event}, whose layout is the first columns of this one. */
  public EventBuilder extend(Event event) {
    clear();
    EventLayout base = event.layout();
    byte[] known = event.values();
    int size = base.columns().size();
    int fixed = base.variableStart() - base.fixedStart();
    extended = known.length - base.variableStart();
    start(extended + lastAdded);
    System.arraycopy(known, base.fixedStart(), values, layout.fixedStart(), fixed);
    // The bits behind the last column's say null, as those of columns that are not set yet.
    System.arraycopy(known, 1, values, 1, base.fixedStart() - 1);
    while (settled < variableColumns.length && variableColumns[settled] < size) {
      settled++;
    }
    newest = size - 1;
    append(known, base.variableStart(), extended);
    return this;
  }

  /** One of them is set to something else: from now on each is kept track of. */
  private void unsettle() {
    int start = 0;
    for (int i = 0; i < settled; i++) {
      int end = (int) Column.INTS.get(values, columns.get(variableColumns[i]).offset());
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
    if (values == NOT_STARTED) {
      return;
    }
    values[1 + (column.index() >> 3)] |= (byte) (1 << (column.index() & 7));
    inOrder &= !column.type().variable();
  }

  /** Makes a record that may be null one that is there. */
  public void setPresent(Column record) {
    present(record.index());
  }

  public void setBoolean(Column column, boolean value) {
    present(column.index());
    values[column.offset()] = (byte) (value ? 1 : 0);
  }

  /** An {@code INT32}, the days of a {@code DATE}, or the index of an {@code ENUM}'s symbol. */
  public void setInt(Column column, int value) {
    present(column.index());
    Column.INTS.set(values, column.offset(), value);
  }

  /** An {@code INT64}, or a timestamp in its unit. */
  public void setLong(Column column, long value) {
    present(column.index());
    Column.LONGS.set(values, column.offset(), value);
  }

  public void setFloat(Column column, float value) {
    present(column.index());
    Column.FLOATS.set(values, column.offset(), value);
  }

  public void setDouble(Column column, double value) {
    present(column.index());
    Column.DOUBLES.set(values, column.offset(), value);
  }

  public void setUuid(Column column, UUID value) {
    present(column.index());
    Column.LONGS.set(values, column.offset(), value.getMostSignificantBits());
    Column.LONGS.set(values, column.offset() + 8, value.getLeastSignificantBits());
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

  /** The event of what was set, with the id, time and origin of another: a later stage's. */
  public Event buildAs(Event event) {
    return build(event.idUtf8(), event.time(), event.origin());
  }

  /**
   * The event of what was set; the builder is empty again.
   *
   * @throws IllegalStateException naming a column that may not be null and was not set
   */
  public Event build(String id, long time, Origin origin) {
    return build(id.getBytes(UTF_8), time, origin);
  }

  /**
   * The same, of an id as UTF-8.
   *
   * @throws IllegalStateException as {@link #build(String, long, Origin)}
   */
  public Event build(byte[] id, long time, Origin origin) {
    if (values == NOT_STARTED) {
      start(0);
    }
    checkRequired();
    byte[] target = inOrder ? values : Arrays.copyOf(values, values.length);
    int end =
        settled == 0
            ? 0
            : (int) Column.INTS.get(values, columns.get(variableColumns[settled - 1]).offset());
    for (int next = settled; next < variableColumns.length; next++) {
      int i = variableColumns[next];
      Column column = columns.get(i);
      if (isPresent(i)) {
        int length = ends[i] - starts[i];
        if (!inOrder) {
          System.arraycopy(values, empty.length + starts[i], target, empty.length + end, length);
        }
        end += length;
      }
      Column.INTS.set(target, column.offset(), end);
    }
    if (target.length != empty.length + end) {
      target = Arrays.copyOf(target, empty.length + end);
    }
    lastUsed = end;
    lastAdded = Math.max(0, end - extended);
    clear();
    return new Event(layout, id, time, origin, target);
  }

  private void checkRequired() {
    for (int i = 1; i < required.length; i++) {
      int missing = values[i] & required[i];
      if (missing != 0) {
        int index = (i - 1) * 8 + Integer.numberOfTrailingZeros(missing);
        throw new IllegalStateException(
            "column '%s' has no value".formatted(columns.get(index).name()));
      }
    }
  }

  private boolean isPresent(int column) {
    return (values[1 + (column >> 3)] & (1 << (column & 7))) == 0;
  }

  private void present(int column) {
    if (values == NOT_STARTED) {
      start(lastUsed);
    }
    values[1 + (column >> 3)] &= (byte) ~(1 << (column & 7));
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
