package dev.millrace.transforms.contract;

import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.AvroSchemas;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The Avro schema of a contract that was written in another language: what its events are written
 * as in dead letters. Aliases and defaults are kept; an enum is a string, so that a symbol more
 * breaks no reader; what may be null is a union, its default's type first. A record within is named
 * by the path to it, as a namespace.
 */
final class AvroOfContract {

  /** What Avro takes as the name of a field. */
  static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private AvroOfContract() {}

  /**
   * @param fullName of the record, with its namespace
   * @param record whose fields have names that are {@link #NAME}s
   */
  static Schema schema(String fullName, RecordType record) {
    // Parsed again: a schema's defaults are equal only to those that a parser made.
    return new Schema.Parser().parse(made(fullName, record).toString());
  }

  private static Schema made(String fullName, RecordType record) {
    List<Schema.Field> fields = record.fields().stream().map(f -> field(fullName, f)).toList();
    return Schema.createRecord(fullName, null, null, false, fields);
  }

  private static Schema.Field field(String around, ContractField field) {
    Schema type = type(around + "." + field.name(), field);
    Object value = avro(field, field.defaultValue());
    Schema.Field made =
        field.optional()
            ? new Schema.Field(field.name(), type, null, value)
            : new Schema.Field(field.name(), type);
    // Other languages allow names that Avro does not.
    field.names().stream()
        .skip(1)
        .filter(alias -> NAME.matcher(alias).matches())
        .forEach(made::addAlias);
    return made;
  }

  private static Schema type(String path, ContractField field) {
    Schema type = present(path, field);
    if (!field.nullable()) {
      return type;
    }
    Schema none = Schema.create(Schema.Type.NULL);
    // A default is of the first type of a union.
    return field.defaultValue() == null
        ? Schema.createUnion(none, type)
        : Schema.createUnion(type, none);
  }

  private static Schema present(String path, ContractField field) {
    if (field.type() instanceof Nested nested) {
      return made(path, nested.record());
    }
    if (field.type() instanceof ListOf list) {
      return Schema.createArray(type(path + ".item", list.item()));
    }
    if (field.type() instanceof MapOf map) {
      return Schema.createMap(type(path + ".value", map.value()));
    }
    Scalar scalar = (Scalar) field.type();
    int dot = path.lastIndexOf('.');
    return scalar.size() > 0
        ? Schema.createFixed(path.substring(dot + 1), null, path.substring(0, dot), scalar.size())
        : AvroSchemas.of(RecordType.beamType(scalar));
  }

  /** A default, out of Beam's classes into those that Avro's own defaults are given in. */
  private static Object avro(ContractField field, @Nullable Object value) {
    if (value == null) {
      return JsonProperties.NULL_VALUE;
    }
    if (field.type() instanceof Nested nested) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (ContractField each : nested.record().fields()) {
        values.put(each.name(), avro(each, ((Row) value).getValue(each.name())));
      }
      return values;
    }
    if (field.type() instanceof ListOf list) {
      List<Object> items = new ArrayList<>();
      ((Iterable<?>) value).forEach(item -> items.add(avro(list.item(), item)));
      return items;
    }
    if (field.type() instanceof MapOf map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      ((Map<?, ?>) value)
          .forEach((key, entry) -> entries.put((String) key, avro(map.value(), entry)));
      return entries;
    }
    return scalar((Scalar) field.type(), value);
  }

  private static Object scalar(Scalar scalar, Object value) {
    return switch (scalar.column()) {
      case UUID -> value.toString();
      case ENUM -> EnumerationType.create(scalar.symbols()).toString((EnumerationType.Value) value);
      case BYTES -> latin((byte[]) value);
      case DECIMAL ->
          latin(((BigDecimal) value).setScale(scalar.scale()).unscaledValue().toByteArray());
      case TIMESTAMP -> ((Instant) value).getMillis();
      case TIMESTAMP_MICROS ->
          ChronoUnit.MICROS.between(java.time.Instant.EPOCH, (java.time.Instant) value);
      case DATE -> (int) ((LocalDate) value).toEpochDay();
      default -> value;
    };
  }

  /** Avro's defaults hold a byte as the character of its number. */
  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
