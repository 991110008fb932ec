package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
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

  private static final byte[][] NONE = {};
  private static final byte[] NO_ID = {};

  private final EventLayout layout;
  private final PartWriter[] writers;

  // The first parts, of an event that is extended, and how many they are.
  private byte[][] known = NONE;
  private int extended;

  public EventBuilder(EventLayout layout) {
    this.layout = layout;
    this.writers = layout.parts().stream().map(PartWriter::new).toArray(PartWriter[]::new);
  }

  /** Forgets what was set, as after an event that turned out to be bad. */
  public EventBuilder clear() {
    extended = 0;
    for (PartWriter writer : writers) {
      writer.clear();
    }
    return this;
  }

  /**
   * Starts from {@code event}, whose layout this one's is with columns {@linkplain EventLayout#plus
   * added}. Its columns stay as they are, and are not copied.
   */
  public EventBuilder extend(Event event) {
    clear();
    known = event.parts();
    extended = known.length;
    return this;
  }

  private PartWriter of(Column column) {
    if (column.part() < extended) {
      throw new IllegalStateException(
          "found column '%s' of the event that is extended, expected one that is added"
              .formatted(column.name()));
    }
    return writers[column.part()];
  }

  /** Makes a column null again. */
  public void setNull(Column column) {
    of(column).setNull(column);
  }

  /** Makes a record that may be null one that is there. */
  public void setPresent(Column record) {
    of(record).present(record);
  }

  public void setBoolean(Column column, boolean value) {
    of(column).present(column)[column.offset()] = (byte) (value ? 1 : 0);
  }

  /** An {@code INT32}, the days of a {@code DATE}, or the index of an {@code ENUM}'s symbol. */
  public void setInt(Column column, int value) {
    Column.INTS.set(of(column).present(column), column.offset(), value);
  }

  /** An {@code INT64}, or a timestamp in its unit. */
  public void setLong(Column column, long value) {
    Column.LONGS.set(of(column).present(column), column.offset(), value);
  }

  public void setFloat(Column column, float value) {
    Column.FLOATS.set(of(column).present(column), column.offset(), value);
  }

  public void setDouble(Column column, double value) {
    Column.DOUBLES.set(of(column).present(column), column.offset(), value);
  }

  public void setUuid(Column column, UUID value) {
    byte[] values = of(column).present(column);
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
    of(column).setBytes(column, bytes, from, length);
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
   * The event of what was set, before anybody has read its id and time out of it.
   *
   * @throws IllegalStateException as {@link #build(String, long, Origin)}
   */
  public Event build(Origin origin) {
    return build(NO_ID, 0, origin);
  }

  /**
   * What was set, to be added to events that lack just these columns; the builder is empty again.
   *
   * @throws IllegalStateException as {@link #build(String, long, Origin)}, and of a layout that is
   *     one with columns {@linkplain EventLayout#plus added}
   */
  public EventPart buildPart() {
    if (writers.length != 1) {
      throw new IllegalStateException(
          "found a layout of %d parts, expected one of the added columns alone"
              .formatted(writers.length));
    }
    return new EventPart(writers[0].finish());
  }

  /**
   * The event of what was set, with the id, time, origin and attempt of another: a later stage's.
   */
  public Event buildAs(Event event) {
    return build(event.idUtf8(), event.time(), event.origin(), event.attempt());
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
    return build(id, time, origin, Attempt.FIRST);
  }

  private Event build(byte[] id, long time, Origin origin, Attempt attempt) {
    byte[][] parts = new byte[writers.length][];
    System.arraycopy(known, 0, parts, 0, extended);
    for (int i = extended; i < writers.length; i++) {
      parts[i] = writers[i].finish();
    }
    extended = 0;
    return new Event(layout, id, time, origin, parts, attempt);
  }
}
