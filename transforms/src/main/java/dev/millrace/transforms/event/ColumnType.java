package dev.millrace.transforms.event;

import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.Schema.LogicalType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;

/** The types a column can have, and the bytes each takes in the fixed part of an event. */
public enum ColumnType {
  BOOLEAN(1),
  INT32(4),
  INT64(8),
  FLOAT(4),
  DOUBLE(8),
  /** Milliseconds since 1970-01-01T00:00Z. */
  TIMESTAMP(8),
  /** Microseconds since 1970-01-01T00:00Z. */
  TIMESTAMP_MICROS(8),
  /** Days since 1970-01-01. */
  DATE(4),
  /** Two longs, the higher one first. */
  UUID(16),
  /** The index of its symbol. */
  ENUM(4),
  /** Its unscaled value, big-endian; the scale is the column's. */
  DECIMAL(4),
  STRING(4),
  BYTES(4),
  /** Avro binary: {@link AvroSchemas#of(FieldType)} of its type. */
  LIST(4),
  /** Avro binary: {@link AvroSchemas#of(FieldType)} of its type. Its keys are strings. */
  MAP(4),
  /** Only whether a record that may be null is there: its fields are columns of their own. */
  RECORD(0);

  private final int width;

  ColumnType(int width) {
    this.width = width;
  }

  int width() {
    return width;
  }

  /** Whether the fixed part is only where the value ends in the variable part. */
  boolean variable() {
    return switch (this) {
      case DECIMAL, STRING, BYTES, LIST, MAP -> true;
      default -> false;
    };
  }

  /** Whether {@link Column#asDouble} has a meaning. */
  public boolean numeric() {
    return switch (this) {
      case BOOLEAN, INT32, INT64, FLOAT, DOUBLE, TIMESTAMP, TIMESTAMP_MICROS, DATE, DECIMAL -> true;
      case UUID, ENUM, STRING, BYTES, LIST, MAP, RECORD -> false;
    };
  }

  /**
   * The type of a Beam field that this column type holds; not nullable.
   *
   * @throws IllegalStateException for a type that its name alone does not tell, as an enum
   */
  public FieldType fieldType() {
    return switch (this) {
      case BOOLEAN -> FieldType.BOOLEAN;
      case INT32 -> FieldType.INT32;
      case INT64 -> FieldType.INT64;
      case FLOAT -> FieldType.FLOAT;
      case DOUBLE -> FieldType.DOUBLE;
      case TIMESTAMP -> FieldType.DATETIME;
      case TIMESTAMP_MICROS -> FieldType.logicalType(SqlTypes.TIMESTAMP);
      case DATE -> FieldType.logicalType(SqlTypes.DATE);
      case UUID -> FieldType.logicalType(SqlTypes.UUID);
      case STRING -> FieldType.STRING;
      case BYTES -> FieldType.BYTES;
      case ENUM, DECIMAL, LIST, MAP, RECORD ->
          throw new IllegalStateException(this + " is more than one field type");
    };
  }

  /**
   * The column type of a Beam type.
   *
   * @throws IllegalArgumentException when none can hold it
   */
  public static ColumnType of(FieldType type) {
    return of("value", type);
  }

  /**
   * The column type of a Beam field.
   *
   * @throws IllegalArgumentException naming the field and what can be held
   */
  static ColumnType of(String field, FieldType type) {
    return switch (type.getTypeName()) {
      case BOOLEAN -> BOOLEAN;
      case INT32 -> INT32;
      case INT64 -> INT64;
      case FLOAT -> FLOAT;
      case DOUBLE -> DOUBLE;
      case DATETIME -> TIMESTAMP;
      case STRING -> STRING;
      case BYTES -> BYTES;
      case ARRAY, ITERABLE -> LIST;
      case MAP -> MAP;
      case ROW -> RECORD;
      case LOGICAL_TYPE -> of(field, type.getLogicalType());
      default -> throw unsupported(field, type.getTypeName().toString());
    };
  }

  private static ColumnType of(String field, LogicalType<?, ?> type) {
    return switch (type.getIdentifier()) {
      case EnumerationType.IDENTIFIER -> ENUM;
      case FixedPrecisionNumeric.IDENTIFIER -> DECIMAL;
      default -> {
        for (ColumnType each : new ColumnType[] {TIMESTAMP_MICROS, DATE, UUID}) {
          LogicalType<?, ?> known = each.fieldType().getLogicalType();
          if (known.getIdentifier().equals(type.getIdentifier())) {
            yield each;
          }
        }
        throw unsupported(field, type.getIdentifier());
      }
    };
  }

  private static IllegalArgumentException unsupported(String field, String found) {
    return new IllegalArgumentException(
        "field '%s': found type %s, expected boolean, int, long, float, double, string, bytes, enum, uuid, decimal, date, timestamp, row, array or map"
            .formatted(field, found));
  }
}
