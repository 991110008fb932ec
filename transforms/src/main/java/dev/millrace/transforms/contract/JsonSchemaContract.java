package dev.millrace.transforms.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.registry.SchemaText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Contracts out of JSON Schema (drafts 7, 2019-09 and 2020-12): objects whose properties have one
 * type each.
 *
 * <p>An object with {@code properties} is a record, one with a schema as its {@code
 * additionalProperties} alone a map, an array of one {@code items} schema a list; {@link
 * JsonSchemaScalar} says what everything else is. A value may be null where its type is a list of
 * one and {@code "null"}, where {@code oneOf} or {@code anyOf} choose between one and null, and by
 * OpenAPI's {@code nullable}.
 *
 * <p>A property with a {@code default} may be missing, and then has it. Without one a property that
 * is {@code required} may not be missing, and any other may, and may be null. {@code aliases}, a
 * list of text beside a property's type, are the other names that a writer may use for it; to JSON
 * Schema they are an annotation, as every keyword that it does not know.
 *
 * <p>What constrains values and not types is not checked here ({@code const}, {@code minLength},
 * {@code minimum}, {@code pattern} and the like): the rules of {@code validate} are for that.
 */
final class JsonSchemaContract {

  /** Keywords by which a value's type depends on more than its place. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "if",
          "then",
          "else",
          "not",
          "patternProperties",
          "prefixItems",
          "dependentSchemas",
          "$dynamicRef",
          "$recursiveRef");

  private static final List<String> CHOICES = List.of("$ref", "allOf", "oneOf", "anyOf");
  private static final String ONE_TYPE = "a schema of one type, or of one and null";

  // The schemas around the one being read: one that holds itself has no end.
  private final Set<String> around = new HashSet<>();

  /** What a schema says of its values. */
  private record Found(ValueType type, boolean nullable) {
    Found orNull(boolean also) {
      return also && !nullable ? new Found(type, true) : this;
    }

    ContractField field(String name) {
      ContractField field = ContractField.of(name, type);
      return nullable ? field.orNull() : field;
    }
  }

  private JsonSchemaContract() {}

  /**
   * @throws IllegalArgumentException naming what cannot be held by its place
   */
  static RecordType record(SchemaText text) {
    JsonSchema schema = JsonSchema.parse(text);
    if ("record".equals(schema.text("type")) && schema.has("fields")) {
      throw schema.refused(
          "an Avro schema", "a JSON Schema, or an Avro schema in a file that ends in .avsc");
    }
    Found found = new JsonSchemaContract().found(schema);
    if (found.type instanceof Nested nested && !found.nullable) {
      return nested.record();
    }
    throw schema.refused(found.field("").expected(), "an object with properties");
  }

  /** What its record is called, in Avro. */
  static String name(SchemaText text) {
    String title = JsonSchema.parse(text).text("title");
    return title != null && AvroOfContract.NAME.matcher(title).matches() ? title : "Event";
  }

  private Found found(JsonSchema schema) {
    for (String keyword : UNSUPPORTED) {
      if (schema.has(keyword)) {
        throw schema.at(keyword).refused("'" + keyword + "'", ONE_TYPE);
      }
    }
    if (!around.add(schema.place())) {
      throw schema.refused("a type within itself", "one that ends");
    }
    Found found = chosen(schema);
    around.remove(schema.place());
    return found.orNull(schema.node().path("nullable").asBoolean());
  }

  private Found chosen(JsonSchema schema) {
    List<String> saying =
        Stream.concat(CHOICES.stream(), Stream.of("type", "properties"))
            .filter(schema::has)
            .toList();
    String choice = CHOICES.stream().filter(schema::has).findFirst().orElse(null);
    if (choice == null) {
      return typed(schema);
    }
    if (saying.size() > 1) {
      throw schema
          .at(choice)
          .refused("'%s' beside '%s'".formatted(choice, saying.get(1)), "one of them");
    }
    if (choice.equals("$ref")) {
      return found(schema.referred());
    }
    List<JsonSchema> members = schema.at(choice).children();
    List<JsonSchema> values = members.stream().filter(member -> !isNull(member)).toList();
    if (values.size() != 1) {
      throw schema.at(choice).refused(values.size() + " types", ONE_TYPE);
    }
    if (choice.equals("allOf") && members.size() > 1) {
      throw schema.at(choice).refused("null and another type at once", ONE_TYPE);
    }
    return found(values.get(0)).orNull(members.size() > 1);
  }

  private static boolean isNull(JsonSchema schema) {
    return "null".equals(schema.target().text("type"));
  }

  private Found typed(JsonSchema schema) {
    Set<String> types = schema.types();
    boolean nullable = types.remove("null");
    if (types.size() != 1) {
      JsonSchema at = schema.has("type") ? schema.at("type") : schema;
      throw at.refused(types.isEmpty() ? "no type" : "the types " + types, ONE_TYPE);
    }
    ValueType type =
        switch (types.iterator().next()) {
          case "object" -> object(schema);
          case "array" -> list(schema);
          case "string" -> JsonSchemaScalar.string(schema);
          case "integer" -> JsonSchemaScalar.integer(schema);
          case "number" -> JsonSchemaScalar.number(schema);
          case "boolean" -> JsonSchemaScalar.bool();
          default ->
              throw schema
                  .at("type")
                  .refused(
                      "'" + types.iterator().next() + "'",
                      "object, array, string, integer, number, boolean or null");
        };
    return new Found(type, nullable);
  }

  private ValueType object(JsonSchema schema) {
    if (schema.node().path("properties").size() > 0) {
      return new Nested(properties(schema));
    }
    if (schema.node().path("additionalProperties").isObject()) {
      return new MapOf(found(schema.at("additionalProperties")).field("value"));
    }
    throw schema.refused(
        "an object of unknown fields",
        "'properties', or a schema as its 'additionalProperties' for a map");
  }

  private ValueType list(JsonSchema schema) {
    JsonNode items = schema.get("items");
    if (items == null || !items.isObject()) {
      String found = items == null ? "no 'items'" : "'items' that is no schema";
      throw schema.refused(found, "'items' with the schema of all");
    }
    return new ListOf(found(schema.at("items")).field("item"));
  }

  private RecordType properties(JsonSchema schema) {
    JsonSchema properties = schema.at("properties");
    List<String> names = new ArrayList<>();
    properties.node().fieldNames().forEachRemaining(names::add);
    Set<String> required = new HashSet<>();
    if (schema.has("required")) {
      for (JsonSchema each : schema.at("required").children()) {
        if (!names.contains(each.node().asText())) {
          throw each.refused(each.node().toString(), "one of the properties " + names);
        }
        required.add(each.node().asText());
      }
    }
    List<ContractField> fields =
        names.stream()
            .map(name -> property(properties.at(name), name, required.contains(name)))
            .toList();
    try {
      return RecordType.of(fields);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(properties.place() + ": " + e.getMessage(), e);
    }
  }

  private ContractField property(JsonSchema schema, String name, boolean required) {
    if (!AvroOfContract.NAME.matcher(name).matches()) {
      throw schema.refused(
          "the name '" + name + "'",
          "letters, digits and '_', with the name as it is written among its 'aliases'");
    }
    ContractField field = found(schema).field(name).withAliases(aliases(schema));
    JsonSchema given = annotation(schema, "default");
    if (given != null) {
      return field.withDefault(JsonSchemaDefault.value(field, given));
    }
    return required ? field : field.orNull().withDefault(null);
  }

  /** An annotation of the schema, or of the one that it stands for. */
  private static @Nullable JsonSchema annotation(JsonSchema schema, String keyword) {
    JsonSchema at = schema;
    while (!at.has(keyword) && at.has("$ref")) {
      at = at.referred();
    }
    return at.has(keyword) ? at.at(keyword) : null;
  }

  private static List<String> aliases(JsonSchema schema) {
    if (!schema.has("aliases")) {
      return List.of();
    }
    JsonSchema aliases = schema.at("aliases");
    if (!aliases.node().isArray()) {
      throw aliases.refused("no list", "a list of names");
    }
    return aliases.children().stream().map(JsonSchemaContract::alias).toList();
  }

  private static String alias(JsonSchema alias) {
    if (!alias.node().isTextual()) {
      throw alias.refused(alias.node().toString(), "a name");
    }
    return alias.node().asText();
  }
}
