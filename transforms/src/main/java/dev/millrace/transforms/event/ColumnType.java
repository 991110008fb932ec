package dev.millrace.transforms.event;

import org.apache.beam.sdk.schemas.Schema.FieldType;

/** The types a column can have, and the bytes each takes in the fixed part of an event. */
public enum ColumnType {
  BOOLEAN(1),
  INT32(4),
  INT64(8),
  FLOAT(4),
  DOUBLE(8),
  /** Milliseconds since 1970-01-01T00:00Z. */
  TIMESTAMP(8),
  /** Its fixed part is where it ends in the variable part. */
  STRING(4),
  /** Its fixed part is where it ends in the variable part. */
  BYTES(4);

  private final int width;

  ColumnType(int width) {
    this.width = width;
  }

  int width() {
    return width;
  }

  boolean variable() {
    return this == STRING || this == BYTES;
  }

  /** The type of a Beam field that this column type holds; not nullable. */
  public FieldType fieldType() {
    return switch (this) {
      case BOOLEAN -> FieldType.BOOLEAN;
      case INT32 -> FieldType.INT32;
      case INT64 -> FieldType.INT64;
      case FLOAT -> FieldType.FLOAT;
      case DOUBLE -> FieldType.DOUBLE;
      case TIMESTAMP -> FieldType.DATETIME;
      case STRING -> FieldType.STRING;
      case BYTES -> FieldType.BYTES;
    };
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
      default ->
          throw new IllegalArgumentException(
              "field '%s': found type %s, expected boolean, int, long, float, double, timestamp-millis, string or bytes"
                  .formatted(field, type.getTypeName()));
    };
  }
}
