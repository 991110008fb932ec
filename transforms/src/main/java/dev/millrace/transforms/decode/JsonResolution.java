package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.JsonSchema;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that a writer's JSON Schema allows and that the contract cannot be read from. {@link
 * JsonWriter} refuses only what can never be read, since a record is there to be tried; here also
 * what the schema leaves open counts.
 */
final class JsonResolution {

  private final List<Mismatch> found = new ArrayList<>();

  private JsonResolution() {}

  static List<Mismatch> of(RecordType contract, JsonSchema writer) {
    JsonResolution resolution = new JsonResolution();
    List<JsonSchema> ways = JsonWays.of(List.of(writer));
    List<JsonSchema> objects = JsonWays.ofType("object", ways);
    if (objects.isEmpty()) {
      resolution.add("", described(ways), "an object");
    } else {
      resolution.record(contract, objects);
    }
    return List.copyOf(resolution.found);
  }

  private void record(RecordType contract, List<JsonSchema> objects) {
    Map<String, List<JsonSchema>> properties = JsonWays.properties(objects);
    for (ContractField field : contract.fields()) {
      String name = field.names().stream().filter(properties::containsKey).findFirst().orElse("");
      List<JsonSchema> schemas = properties.getOrDefault(name, List.of());
      if (!schemas.isEmpty()) {
        value(field, schemas);
      }
      if (!field.optional() && (schemas.isEmpty() || !isRequired(name, objects))) {
        String found = schemas.isEmpty() ? "no such property" : "a property that is not required";
        add(field.path(), found, field.expected() + ": the contract has no default for it");
      }
    }
  }

  private static boolean isRequired(String name, List<JsonSchema> objects) {
    return objects.stream()
        .filter(object -> object.has("required"))
        .flatMap(object -> object.at("required").children().stream())
        .anyMatch(required -> required.node().asText().equals(name));
  }

  private void value(ContractField field, List<JsonSchema> schemas) {
    List<JsonSchema> ways = JsonWays.of(schemas);
    if (ways.isEmpty()) {
      add(field.path(), described(ways), field.expected());
    }
    for (JsonSchema way : ways) {
      for (String type : way.types()) {
        if (!fits(field, type, way)) {
          boolean all = way.types().size() == 1;
          add(
              field.path(),
              all ? described(List.of(way)) : type + " among " + way.types(),
              field.expected());
        }
      }
    }
    within(field, ways);
  }

  /** Whether a value of this type can be read, whatever is within it. */
  private static boolean fits(ContractField field, String type, JsonSchema way) {
    if (type.equals("null")) {
      return field.nullable();
    }
    if (field.type() instanceof Scalar scalar) {
      return JsonWays.canBe(scalar, type, way);
    }
    return type.equals(field.type() instanceof ListOf ? "array" : "object");
  }

  private void within(ContractField field, List<JsonSchema> ways) {
    if (field.type() instanceof Nested nested) {
      List<JsonSchema> objects = JsonWays.ofType("object", ways);
      if (!objects.isEmpty()) {
        record(nested.record(), objects);
      }
    } else if (field.type() instanceof ListOf list) {
      List<JsonSchema> items = JsonWays.items(JsonWays.ofType("array", ways));
      if (!items.isEmpty()) {
        value(list.item(), items);
      }
    } else if (field.type() instanceof MapOf map) {
      List<JsonSchema> values = JsonWays.values(JsonWays.ofType("object", ways));
      if (!values.isEmpty()) {
        value(map.value(), values);
      }
    } else if (field.type() instanceof Scalar scalar && !scalar.symbols().isEmpty()) {
      ways.forEach(way -> symbols(field, scalar, way));
    }
  }

  /** Those that a field can have none of were named as its type. */
  private void symbols(ContractField field, Scalar scalar, JsonSchema way) {
    List<String> unknown = new ArrayList<>();
    if (JsonWays.canBe(scalar, way) && way.has("enum")) {
      for (JsonSchema symbol : way.at("enum").children()) {
        if (symbol.node().isTextual() && scalar.symbol(symbol.node().asText()) < 0) {
          unknown.add(symbol.node().asText());
        }
      }
    }
    if (!unknown.isEmpty()) {
      add(field.path(), "the symbols " + unknown, field.expected());
    }
  }

  private static String described(List<JsonSchema> ways) {
    return ways.isEmpty() ? "values of any type" : JsonWays.describe(ways);
  }

  private void add(String path, String found, String expected) {
    this.found.add(new Mismatch(path, "found %s, expected %s".formatted(found, expected)));
  }
}
