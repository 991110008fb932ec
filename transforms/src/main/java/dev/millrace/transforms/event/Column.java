package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
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
  private final ColumnType type;
  private final boolean nullable;
  private final int offset;
  private final int previousEnd;
  private final int variableStart;

  Column(
      String name,
      int index,
      ColumnType type,
      boolean nullable,
      int offset,
      int previousEnd,
      int variableStart) {
    this.name = name;
    this.index = index;
    this.type = type;
    this.nullable = nullable;
    this.offset = offset;
    this.previousEnd = previousEnd;
    this.variableStart = variableStart;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

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

  public boolean nullable() {
    return nullable;
  }

  int offset() {
    return offset;
  }

  public boolean isNull(Event event) {
    return (event.values()[1 + (index >> 3)] & (1 << (index & 7))) != 0;
  }

  public boolean getBoolean(Event event) {
    return event.values()[offset] != 0;
  }

  public int getInt(Event event) {
    return (int) INTS.get(event.values(), offset);
  }

  /** An {@code INT64}, or a {@code TIMESTAMP} in milliseconds. */
  public long getLong(Event event) {
    return (long) LONGS.get(event.values(), offset);
  }

  public float getFloat(Event event) {
    return (float) FLOATS.get(event.values(), offset);
  }

  public double getDouble(Event event) {
    return (double) DOUBLES.get(event.values(), offset);
  }

  public String getString(Event event) {
    int start = start(event);
    return new String(event.values(), start, end(event) - start, UTF_8);
  }

  public byte[] getBytes(Event event) {
    return Arrays.copyOfRange(event.values(), start(event), end(event));
  }

  /** Any number or boolean as a double: true is 1. Null is NaN. */
  public double asDouble(Event event) {
    if (nullable && isNull(event)) {
      return Double.NaN;
    }
    return switch (type) {
      case BOOLEAN -> getBoolean(event) ? 1 : 0;
      case INT32 -> getInt(event);
      case INT64, TIMESTAMP -> getLong(event);
      case FLOAT -> getFloat(event);
      case DOUBLE -> getDouble(event);
      case STRING, BYTES ->
          throw new IllegalArgumentException(
              "column '%s': found type %s, expected a number or a boolean".formatted(name, type));
    };
  }

  /** The value as Beam's {@code Row} holds it: a timestamp is a Joda {@code Instant}. */
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
      case STRING -> getString(event);
      case BYTES -> getBytes(event);
    };
  }

  /** The value as text; null is the empty text. */
  public String text(Event event) {
    if (isNull(event)) {
      return "";
    }
    return type == ColumnType.STRING ? getString(event) : String.valueOf(value(event));
  }

  int start(Event event) {
    int from = previousEnd == NO_OFFSET ? 0 : (int) INTS.get(event.values(), previousEnd);
    return variableStart + from;
  }

  int end(Event event) {
    return variableStart + (int) INTS.get(event.values(), offset);
  }

  @Override
  public String toString() {
    return name + ": " + type;
  }
}
