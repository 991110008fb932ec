package dev.millrace.transforms.contract;

import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Contracts out of Avro schemas (specification 1.12). */
final class AvroContract {

  private static final String SUPPORTED =
      "boolean, int, long, float, double, string, bytes, fixed, enum, record, array, map; decimal, date,"
          + " timestamp-millis, timestamp-micros or uuid; or a union of one of them with null";

  // The records around the one being read: one that holds itself has no end.
  private final Set<String> around = new HashSet<>();

  private AvroContract() {}

  /**
   * @throws IllegalArgumentException naming what cannot be held by its path
   */
  static RecordType record(Schema schema) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "contract: found type %s, expected a record".formatted(schema.getType().getName()));
    }
    return new AvroContract().fields("", schema);
  }

  private RecordType fields(String prefix, Schema schema) {
    if (!around.add(schema.getFullName())) {
      throw unsupported(
          prefix.substring(0, prefix.length() - 1),
          "record %s within itself".formatted(schema.getFullName()));
    }
    List<ContractField> fields = new ArrayList<>();
    for (Schema.Field each : schema.getFields()) {
      ContractField field =
          field(prefix + each.name(), each.name(), each.schema())
              .withAliases(List.copyOf(each.aliases()));
      fields.add(
          each.hasDefaultValue()
              ? field.withDefault(
                  plain(field, each.schema(), GenericData.get().getDefaultValue(each)))
              : field);
    }
    around.remove(schema.getFullName());
    return RecordType.of(fields);
  }

  private ContractField field(String path, String name, Schema schema) {
    if (!schema.isUnion()) {
      return ContractField.of(name, type(path, schema));
    }
    Integer nullBranch = schema.getTypes().size() == 2 ? schema.getIndexNamed("null") : null;
    if (nullBranch == null) {
      throw unsupported(path, "union " + schema.getTypes());
    }
    return ContractField.of(name, type(path, schema.getTypes().get(1 - nullBranch))).orNull();
  }

  private ValueType type(String path, Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case RECORD -> new Nested(fields(path + ".", schema));
      case ARRAY -> new ListOf(field(path + "[]", "item", schema.getElementType()));
      case MAP -> new MapOf(field(path + "[]", "value", schema.getValueType()));
      case ENUM -> Scalar.enumOf(schema.getEnumSymbols(), schema.getEnumDefault());
      default -> logical == null ? plain(path, schema) : logical(path, schema, logical);
    };
  }

  private static Scalar plain(String path, Schema schema) {
    return switch (schema.getType()) {
      case BOOLEAN -> Scalar.of(ColumnType.BOOLEAN);
      case INT -> Scalar.of(ColumnType.INT32);
      case LONG -> Scalar.of(ColumnType.INT64);
      case FLOAT -> Scalar.of(ColumnType.FLOAT);
      case DOUBLE -> Scalar.of(ColumnType.DOUBLE);
      case STRING -> Scalar.of(ColumnType.STRING);
      case BYTES -> Scalar.of(ColumnType.BYTES);
      case FIXED -> Scalar.fixed(schema.getFixedSize());
      default -> throw unsupported(path, schema.getType().getName());
    };
  }

  private static Scalar logical(String path, Schema schema, LogicalType logical) {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return Scalar.decimal(decimal.getPrecision(), decimal.getScale());
    }
    return switch (logical.getName()) {
      case "timestamp-millis" -> Scalar.of(ColumnType.TIMESTAMP);
      case "timestamp-micros" -> Scalar.of(ColumnType.TIMESTAMP_MICROS);
      case "date" -> Scalar.of(ColumnType.DATE);
      case "uuid" -> Scalar.of(ColumnType.UUID);
      default -> throw unsupported(path, schema.getType().getName() + " of " + logical.getName());
    };
  }

  /** A default out of Avro's classes, as Beam's {@code Row} holds it. */
  private static @Nullable Object plain(
      ContractField field, Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (schema.isUnion()) {
      int nullBranch = schema.getIndexNamed("null");
      return plain(field, schema.getTypes().get(1 - nullBranch), value);
    }
    ValueType type = field.type();
    if (type instanceof ListOf list) {
      List<@Nullable Object> items = new ArrayList<>();
      ((List<?>) value)
          .forEach(item -> items.add(plain(list.item(), schema.getElementType(), item)));
      return items;
    }
    if (type instanceof MapOf map) {
      Map<String, @Nullable Object> entries = new LinkedHashMap<>();
      ((Map<?, ?>) value)
          .forEach(
              (key, entry) ->
                  entries.put(key.toString(), plain(map.value(), schema.getValueType(), entry)));
      return entries;
    }
    return type instanceof Nested nested
        ? row(nested.record(), schema, (IndexedRecord) value)
        : scalar((Scalar) type, value);
  }

  private static Row row(RecordType record, Schema schema, IndexedRecord value) {
    List<@Nullable Object> values = new ArrayList<>();
    for (ContractField field : record.fields()) {
      Schema.Field from = schema.getField(field.name());
      values.add(plain(field, from.schema(), value.get(from.pos())));
    }
    return Row.withSchema(record.beamSchema()).attachValues(values);
  }

  private static Object scalar(Scalar scalar, Object value) {
    return switch (scalar.column()) {
      case STRING -> value.toString();
      case UUID -> UUID.fromString(value.toString());
      case ENUM -> EnumerationType.create(scalar.symbols()).valueOf(value.toString());
      case BYTES -> bytes(value);
      case DECIMAL -> new BigDecimal(new BigInteger(bytes(value)), scalar.scale());
      case TIMESTAMP -> Instant.ofEpochMilli((Long) value);
      case TIMESTAMP_MICROS -> java.time.Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
      case DATE -> LocalDate.ofEpochDay((Integer) value);
      default -> value;
    };
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static IllegalArgumentException unsupported(String path, String found) {
    return new IllegalArgumentException(
        "field '%s': found type %s, expected %s".formatted(path, found, SUPPORTED));
  }
}
