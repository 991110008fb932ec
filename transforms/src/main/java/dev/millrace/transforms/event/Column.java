package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.avro.io.DecoderFactory;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One column of a layout. A stage resolves its columns once, when it is built; reading a number
 * then is one load from the event's bytes and allocates nothing. The typed readers do not check the
 * column's type, and give the zero of the type where the column is null: ask {@link #isNull} first
 * where that matters.
 */
public final class Column implements Serializable {

  static final int NO_OFFSET = -1;
  static final VarHandle INTS = view(int[].class);
  static final VarHandle LONGS = view(long[].class);
  static final VarHandle FLOATS = view(float[].class);
  static final VarHandle DOUBLES = view(double[].class);

  private final String name;
  private final int index;
  private final int part;
  private final int place;
  private final ColumnType type;
  private final FieldType fieldType;
  private final boolean nullable;
  private final int offset;
  private final int previousEnd;
  private final int variableStart;
  private final String[] symbols;
  private final int scale;
  private transient org.apache.avro.@Nullable Schema collectionSchema;

  Column(
      String name,
      int index,
      int part,
      int place,
      FieldType fieldType,
      boolean nullable,
      int offset,
      int previousEnd,
      int variableStart) {
    this.name = name;
    this.index = index;
    this.part = part;
    this.place = place;
    this.type = ColumnType.of(name, fieldType);
    this.fieldType = fieldType;
    this.nullable = nullable;
    this.offset = offset;
    this.previousEnd = previousEnd;
    this.variableStart = variableStart;
    this.symbols = type == ColumnType.ENUM ? symbols(fieldType) : new String[0];
    this.scale = type == ColumnType.DECIMAL ? AvroSchemas.scale(fieldType) : 0;
  }

  private static String[] symbols(FieldType type) {
    return type.getLogicalType(EnumerationType.class).getValues().toArray(new String[0]);
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /** The name of its field; a field of a nested record has the path to it, as {@code card.bin}. */
  public String name() {
    return name;
  }

  /** Its place among the columns, from 0. */
  public int index() {
    return index;
  }

  public ColumnType type() {
    return type;
  }

  /** The Beam type of its field. */
  public FieldType fieldType() {
    return fieldType;
  }

  /** Whether its field may be null, or a record around it. */
  public boolean nullable() {
    return nullable;
  }

  /** What an {@code ENUM} may be, in order. */
  public List<String> symbols() {
    return List.of(symbols);
  }

  /** The part of the event that it is in. */
  int part() {
    return part;
  }

  /** Its place among the columns of its part, from 0. */
  int place() {
    return place;
  }

  int offset() {
    return offset;
  }

  public boolean isNull(Event event) {
    return (event.part(part)[place >> 3] & (1 << (place & 7))) != 0;
  }

  public boolean getBoolean(Event event) {
    return event.part(part)[offset] != 0;
  }

  /** An {@code INT32}, the days of a {@code DATE}, or the index of an {@code ENUM}'s symbol. */
  public int getInt(Event event) {
    return (int) INTS.get(event.part(part), offset);
  }

  /** An {@code INT64}, or a time in the unit of its type. */
  public long getLong(Event event) {
    return (long) LONGS.get(event.part(part), offset);
  }

  public float getFloat(Event event) {
    return (float) FLOATS.get(event.part(part), offset);
  }

  public double getDouble(Event event) {
    return (double) DOUBLES.get(event.part(part), offset);
  }

  /** A timestamp or a date in milliseconds; what is finer is cut off. */
  public long getMillis(Event event) {
    return switch (type) {
      case TIMESTAMP_MICROS -> Math.floorDiv(getLong(event), 1_000L);
      case DATE -> getInt(event) * 86_400_000L;
      default -> getLong(event);
    };
  }

  /** A {@code STRING}, the symbol of an {@code ENUM}, or a {@code UUID} as text. */
  public String getString(Event event) {
    return switch (type) {
      case ENUM -> symbols[getInt(event)];
      case UUID -> getUuid(event).toString();
      default -> {
        int start = start(event);
        yield new String(event.part(part), start, end(event) - start, UTF_8);
      }
    };
  }

  public UUID getUuid(Event event) {
    byte[] values = event.part(part);
    return new UUID((long) LONGS.get(values, offset), (long) LONGS.get(values, offset + 8));
  }

  public BigDecimal getDecimal(Event event) {
    byte[] values = event.part(part);
    int start = start(event);
    int length = end(event) - start;
    BigInteger unscaled = length == 0 ? BigInteger.ZERO : new BigInteger(values, start, length);
    return new BigDecimal(unscaled, scale);
  }

  public byte[] getBytes(Event event) {
    return Arrays.copyOfRange(event.part(part), start(event), end(event));
  }

  /** By which a {@code LIST} or a {@code MAP} is written. */
  org.apache.avro.Schema collectionSchema() {
    org.apache.avro.Schema known = collectionSchema;
    if (known == null) {
      known = AvroSchemas.of(fieldType.withNullable(false));
      collectionSchema = known;
    }
    return known;
  }

  private @Nullable Object getCollection(Event event) {
    int start = start(event);
    try {
      return AvroValues.read(
          fieldType.withNullable(false),
          DecoderFactory.get().binaryDecoder(event.part(part), start, end(event) - start, null));
    } catch (IOException e) {
      throw new UncheckedIOException("column " + name, e);
    }
  }

  /**
   * Any number or boolean as a double: true is 1, a time is its milliseconds, a decimal the nearest
   * double. Null is NaN.
   */
  public double asDouble(Event event) {
    if (nullable && isNull(event)) {
      return Double.NaN;
    }
    return switch (type) {
      case BOOLEAN -> getBoolean(event) ? 1 : 0;
      case INT32 -> getInt(event);
      case INT64 -> getLong(event);
      case TIMESTAMP, TIMESTAMP_MICROS, DATE -> getMillis(event);
      case FLOAT -> getFloat(event);
      case DOUBLE -> getDouble(event);
      case DECIMAL -> getDecimal(event).doubleValue();
      case UUID, ENUM, STRING, BYTES, LIST, MAP, RECORD ->
          throw new IllegalArgumentException(
              "column '%s': found type %s, expected a number or a boolean".formatted(name, type));
    };
  }

  /**
   * The value as Beam's {@code Row} holds it: a timestamp in milliseconds is a Joda {@code
   * Instant}, one in microseconds a {@code java.time} one. A {@code RECORD} is null or true.
   */
  public @Nullable Object value(Event event) {
    if (isNull(event)) {
      return null;
    }
    return switch (type) {
      case BOOLEAN -> getBoolean(event);
      case INT32 -> getInt(event);
      case INT64 -> getLong(event);
      case FLOAT -> getFloat(event);
      case DOUBLE -> getDouble(event);
      case TIMESTAMP -> Instant.ofEpochMilli(getLong(event));
      case TIMESTAMP_MICROS -> java.time.Instant.EPOCH.plus(getLong(event), ChronoUnit.MICROS);
      case DATE -> LocalDate.ofEpochDay(getInt(event));
      case UUID -> getUuid(event);
      case ENUM -> fieldType.getLogicalType(EnumerationType.class).valueOf(getInt(event));
      case DECIMAL -> getDecimal(event);
      case STRING -> getString(event);
      case BYTES -> getBytes(event);
      case LIST, MAP -> getCollection(event);
      case RECORD -> true;
    };
  }

  /**
   * This column, when its values are known apart by their {@link #text}.
   *
   * @param role what it is to be, for the message: {@code key}
   * @throws IllegalArgumentException naming the role, the column and its type
   */
  public Column asKey(String role) {
    switch (type) {
      case BYTES, LIST, MAP, RECORD ->
          throw new IllegalArgumentException(
              "%s '%s': found %s, expected text, a number, a boolean, an enum or a time"
                  .formatted(role, name, type));
      default -> {
        return this;
      }
    }
  }

  /** The value as text; null is the empty text. */
  public String text(Event event) {
    if (isNull(event)) {
      return "";
    }
    return switch (type) {
      case STRING, ENUM, UUID -> getString(event);
      default -> String.valueOf(value(event));
    };
  }

  /**
   * The {@link String#hashCode} of {@link #text}; of ASCII in a {@code STRING} without making one.
   */
  public int textHash(Event event) {
    if (type != ColumnType.STRING || isNull(event)) {
      return text(event).hashCode();
    }
    byte[] values = event.part(part);
    int end = end(event);
    int hash = 0;
    for (int i = start(event); i < end; i++) {
      if (values[i] < 0) {
        return text(event).hashCode();
      }
      hash = 31 * hash + values[i];
    }
    return hash;
  }

  /** {@link #text} as UTF-8; of a {@code STRING} without making one. */
  public byte[] utf8(Event event) {
    return type == ColumnType.STRING && !isNull(event)
        ? getBytes(event)
        : text(event).getBytes(UTF_8);
  }

  int start(Event event) {
    int from = previousEnd == NO_OFFSET ? 0 : (int) INTS.get(event.part(part), previousEnd);
    return variableStart + from;
  }

  int end(Event event) {
    return variableStart + (int) INTS.get(event.part(part), offset);
  }

  @Override
  public String toString() {
    return name + ": " + type;
  }
}
