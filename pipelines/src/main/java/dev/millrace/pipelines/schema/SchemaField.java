package dev.millrace.pipelines.schema;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.registry.SchemaText;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One field of a schema in any language.
 *
 * @param path its name behind those of the records around it; {@code []} for what a list or a map
 *     holds
 * @param names its name, then its aliases
 * @param number its number in Protobuf, or 0
 * @param type for people: {@code double}, {@code decimal(9, 2)}, {@code record}
 * @param scalar the same, where it is one value of a type that a contract may have
 * @param nullable whether it may be null
 * @param optional whether a record may lack it
 * @param defaultText what it then is, for people; null when it has no default
 * @param fields of a record; of a list or a map the one thing that it holds
 */
public record SchemaField(
    String path,
    List<String> names,
    int number,
    String type,
    @Nullable Scalar scalar,
    boolean nullable,
    boolean optional,
    @Nullable String defaultText,
    List<SchemaField> fields) {

  public SchemaField {
    names = List.copyOf(names);
    fields = List.copyOf(fields);
  }

  /**
   * The fields of a schema's record. Of Avro also those that no contract could hold.
   *
   * @param message of a Protobuf file; where it has none of that name, or for null, its first
   * @throws IllegalArgumentException when it is no schema of a record, or, in other languages than
   *     Avro, holds what no contract can
   */
  public static List<SchemaField> of(SchemaText schema, @Nullable String message) {
    return schema.type().equals(SchemaText.AVRO)
        ? AvroFields.of(schema)
        : of(Contract.fieldsOf(schema, message));
  }

  static List<SchemaField> of(RecordType record) {
    return record.fields().stream().map(SchemaField::of).toList();
  }

  private static SchemaField of(ContractField field) {
    String type;
    List<SchemaField> fields;
    if (field.type() instanceof Nested nested) {
      type = "record";
      fields = of(nested.record());
    } else if (field.type() instanceof ListOf list) {
      type = "list";
      fields = List.of(of(list.item()));
    } else if (field.type() instanceof MapOf map) {
      type = "map";
      fields = List.of(of(map.value()));
    } else {
      type = describe((Scalar) field.type());
      fields = List.of();
    }
    return new SchemaField(
        field.path(),
        field.names(),
        field.number(),
        type,
        field.type() instanceof Scalar scalar ? scalar : null,
        field.nullable(),
        field.optional(),
        field.optional() ? text(field.defaultValue()) : null,
        fields);
  }

  String name() {
    return names.get(0);
  }

  /** The field among {@code others} that is the same one: by number, name or alias. */
  @Nullable SchemaField among(List<SchemaField> others) {
    for (SchemaField other : others) {
      if (isNumbered(other) ? number == other.number : name().equals(other.name())) {
        return other;
      }
    }
    for (SchemaField other : others) {
      boolean alias = names.contains(other.name()) || other.names.contains(name());
      if (alias && !isNumbered(other)) {
        return other;
      }
    }
    return null;
  }

  private boolean isNumbered(SchemaField other) {
    return number > 0 && other.number > 0;
  }

  static String describe(Scalar scalar) {
    return switch (scalar.column()) {
      case INT32 -> "int";
      case INT64 -> "long";
      case TIMESTAMP -> "timestamp-millis";
      case TIMESTAMP_MICROS -> "timestamp-micros";
      case DECIMAL -> "decimal(%d, %d)".formatted(scalar.precision(), scalar.scale());
      case BYTES -> scalar.size() == 0 ? "bytes" : "fixed(%d)".formatted(scalar.size());
      default -> scalar.column().name().toLowerCase(Locale.ROOT);
    };
  }

  /** A value for people, text in quotes. */
  static String text(@Nullable Object value) {
    if (value instanceof CharSequence) {
      return "'" + value + "'";
    }
    return value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value);
  }
}
