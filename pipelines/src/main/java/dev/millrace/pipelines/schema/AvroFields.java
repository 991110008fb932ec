package dev.millrace.pipelines.schema;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.registry.SchemaText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The fields of an Avro schema, those of types that no contract can hold among them. */
final class AvroFields {

  // The records around the one being read: one that holds itself has no end.
  private final Set<String> around = new HashSet<>();

  private AvroFields() {}

  static List<SchemaField> of(SchemaText text) {
    Schema schema = parse(text);
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "found type %s, expected a record".formatted(schema.getType().getName()));
    }
    return new AvroFields().fields("", schema);
  }

  /**
   * @throws IllegalArgumentException saying where it is no Avro schema
   */
  static Schema parse(SchemaText text) {
    try {
      Schema.Parser parser = new Schema.Parser();
      text.references().forEach(reference -> parser.parse(reference.text()));
      return parser.parse(text.text());
    } catch (AvroRuntimeException e) {
      throw new IllegalArgumentException(
          "found no Avro schema (%s), expected one".formatted(e.getMessage()), e);
    }
  }

  private List<SchemaField> fields(String prefix, Schema record) {
    around.add(record.getFullName());
    List<SchemaField> fields = new ArrayList<>();
    for (Schema.Field each : record.getFields()) {
      List<String> names = new ArrayList<>(List.of(each.name()));
      names.addAll(each.aliases());
      String value = each.hasDefaultValue() ? defaultText(each.defaultVal()) : null;
      fields.add(field(prefix + each.name(), names, each.schema(), value));
    }
    around.remove(record.getFullName());
    return fields;
  }

  private SchemaField field(
      String path, List<String> names, Schema schema, @Nullable String defaultText) {
    boolean nullable = schema.isNullable();
    Schema present = schema;
    if (schema.isUnion()) {
      List<Schema> others =
          schema.getTypes().stream().filter(type -> type.getType() != Schema.Type.NULL).toList();
      present = others.size() == 1 ? others.get(0) : Schema.createUnion(others);
    }
    Scalar scalar = scalar(present);
    return new SchemaField(
        path,
        names,
        0,
        scalar == null ? describe(present) : SchemaField.describe(scalar),
        scalar,
        nullable,
        defaultText != null,
        defaultText,
        within(path, present));
  }

  private List<SchemaField> within(String path, Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> around.contains(schema.getFullName()) ? List.of() : fields(path + ".", schema);
      case ARRAY -> List.of(field(path + "[]", List.of("item"), schema.getElementType(), null));
      case MAP -> List.of(field(path + "[]", List.of("value"), schema.getValueType(), null));
      default -> List.of();
    };
  }

  /** As a contract would hold it, null where none could. */
  private static @Nullable Scalar scalar(Schema schema) {
    switch (schema.getType()) {
      case RECORD, ARRAY, MAP, UNION, NULL -> {
        return null;
      }
      default -> {}
    }
    Schema.Field only = new Schema.Field("only", schema);
    Schema record = Schema.createRecord("Only", null, null, false, List.of(only));
    try {
      ContractField field = Contract.fieldsOf(SchemaText.of(record), null).fields().get(0);
      return (Scalar) field.type();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String describe(Schema schema) {
    return switch (schema.getType()) {
      case ARRAY -> "list";
      case UNION ->
          schema.getTypes().stream().map(AvroFields::describe).collect(Collectors.joining(" or "));
      default ->
          schema.getLogicalType() == null
              ? schema.getType().getName()
              : schema.getLogicalType().getName();
    };
  }

  private static String defaultText(Object value) {
    return value == JsonProperties.NULL_VALUE ? "null" : SchemaField.text(value);
  }
}
