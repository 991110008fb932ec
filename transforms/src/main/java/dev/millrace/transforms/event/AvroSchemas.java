package dev.millrace.transforms.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.values.Row;

/**
 * The Avro schema of a Beam type, for what Millrace writes itself. Logical types are kept; an enum
 * is a string, so that a symbol more breaks no reader; what may be null is a union of null and the
 * type. A nested record is named by its path.
 */
public final class AvroSchemas {

  private AvroSchemas() {}

  /**
   * The fields of a record. Each has a default, null where it may be null and else the type's
   * emptiest value, so that a schema with a column more can still read what was written before.
   */
  public static List<Schema.Field> fields(
      String path, org.apache.beam.sdk.schemas.Schema beamSchema) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Field field : beamSchema.getFields()) {
      String nested = path + "_" + field.getName();
      Schema schema = of(nested, field.getType());
      fields.add(new Schema.Field(field.getName(), schema, null, emptiest(schema)));
    }
    return fields;
  }

  /** The schema of values of this type, null among them where the type is nullable. */
  public static Schema of(FieldType type) {
    return of("value", type);
  }

  private static Schema of(String path, FieldType type) {
    Schema schema =
        switch (ColumnType.of(path, type)) {
          case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
          case INT32 -> Schema.create(Schema.Type.INT);
          case INT64 -> Schema.create(Schema.Type.LONG);
          case FLOAT -> Schema.create(Schema.Type.FLOAT);
          case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
          case STRING, ENUM -> Schema.create(Schema.Type.STRING);
          case BYTES -> Schema.create(Schema.Type.BYTES);
          case TIMESTAMP ->
              LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
          case TIMESTAMP_MICROS ->
              LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
          case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
          case UUID -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
          case DECIMAL -> decimal(type);
          case LIST ->
              Schema.createArray(
                  of(path + "_item", Objects.requireNonNull(type.getCollectionElementType())));
          case MAP ->
              Schema.createMap(of(path + "_value", Objects.requireNonNull(type.getMapValueType())));
          case RECORD ->
              Schema.createRecord(
                  path,
                  null,
                  null,
                  false,
                  fields(path, Objects.requireNonNull(type.getRowSchema())));
        };
    return type.getNullable()
        ? Schema.createUnion(Schema.create(Schema.Type.NULL), schema)
        : schema;
  }

  private static Object emptiest(Schema schema) {
    boolean isUuid = LogicalTypes.uuid().equals(schema.getLogicalType());
    return switch (schema.getType()) {
      case UNION -> Schema.Field.NULL_DEFAULT_VALUE;
      case BOOLEAN -> false;
      case INT, LONG -> 0;
      case FLOAT, DOUBLE -> 0.0;
      case STRING -> isUuid ? new UUID(0, 0).toString() : "";
      // In JSON bytes are characters; a decimal of no bytes at all is no number.
      case BYTES -> schema.getLogicalType() == null ? "" : "\0";
      case ARRAY -> List.of();
      case RECORD, MAP -> Map.of();
      case ENUM, FIXED, NULL ->
          throw new IllegalStateException("found " + schema + ", which no column is");
    };
  }

  private static Schema decimal(FieldType type) {
    Row argument = type.getLogicalType(FixedPrecisionNumeric.class).getArgument();
    int precision = Objects.requireNonNull(argument.getInt32("precision"));
    return LogicalTypes.decimal(precision, scale(type))
        .addToSchema(Schema.create(Schema.Type.BYTES));
  }

  /** How many digits of a decimal's unscaled value stand behind its point. */
  static int scale(FieldType decimal) {
    Row argument = decimal.getLogicalType(FixedPrecisionNumeric.class).getArgument();
    return Objects.requireNonNull(argument.getInt32("scale"));
  }
}
