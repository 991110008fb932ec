package dev.millrace.transforms.decode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.transforms.contract.JsonSchema;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ways in which a writer's JSON Schema lets a value be written: the schema itself, and what it
 * chooses from, combines and refers to, of which any may be meant. That there are none says that
 * the value may be anything.
 */
final class JsonWays {

  private static final List<String> SAYING = List.of("type", "enum", "const", "properties");
  private static final List<String> UNKNOWN = List.of("$dynamicRef", "$recursiveRef");
  private static final Set<String> NUMBERS = Set.of("integer", "number");
  private static final Set<String> FORMATS = Set.of("date-time", "date", "time", "uuid");

  // They are followed by recursion.
  private static final int MOST = 1_000;

  private JsonWays() {}

  static List<JsonSchema> of(List<JsonSchema> schemas) {
    Set<String> passed = new HashSet<>();
    List<JsonSchema> ways = new ArrayList<>();
    for (JsonSchema schema : schemas) {
      List<JsonSchema> each = of(schema, passed);
      if (each.isEmpty()) {
        return List.of();
      }
      ways.addAll(each);
    }
    return ways;
  }

  /**
   * @param passed the places that were looked at: a schema may refer to one around it
   */
  private static List<JsonSchema> of(JsonSchema schema, Set<String> passed) {
    JsonSchema target = schema.target();
    List<JsonSchema> ways = new ArrayList<>();
    passed.add(target.place());
    if (passed.size() > MOST) {
      throw target.refused("a value of more than " + MOST + " schemas", "fewer");
    }
    if (Stream.concat(SAYING.stream(), UNKNOWN.stream()).anyMatch(target::has)) {
      ways.add(target);
    }
    for (String keyword : List.of("allOf", "oneOf", "anyOf")) {
      boolean anything = false;
      List<JsonSchema> chosen = new ArrayList<>();
      List<JsonSchema> members = target.has(keyword) ? target.at(keyword).children() : List.of();
      for (JsonSchema member : members) {
        if (!passed.contains(member.target().place())) {
          List<JsonSchema> each = of(member, passed);
          anything |= each.isEmpty();
          chosen.addAll(each);
        }
      }
      // Where there is a type, what says none is a condition on its values.
      if (!ways.isEmpty() || !anything || keyword.equals("allOf")) {
        ways.addAll(chosen);
      }
    }
    return ways;
  }

  /** Those that may be of a type. */
  static List<JsonSchema> ofType(String type, List<JsonSchema> ways) {
    return ways.stream()
        .filter(way -> way.types().isEmpty() || way.types().contains(type))
        .toList();
  }

  static boolean areNull(List<JsonSchema> ways) {
    return ways.stream().allMatch(way -> way.types().equals(Set.of("null")));
  }

  /** The schemas of each property; one that is {@code false} may not be there. */
  static Map<String, List<JsonSchema>> properties(List<JsonSchema> objects) {
    return objects.stream()
        .filter(object -> object.has("properties"))
        .flatMap(object -> object.at("properties").children().stream())
        .filter(schema -> !schema.node().isBoolean() || schema.node().asBoolean())
        .collect(Collectors.groupingBy(JsonSchema::key));
  }

  /** Whether an object may have properties that its schema does not name. */
  static boolean hasOthers(JsonSchema object) {
    return object.has("patternProperties")
        || object.node().path("additionalProperties").isObject()
        || object.node().path("unevaluatedProperties").isObject()
        || UNKNOWN.stream().anyMatch(object::has);
  }

  /** The schemas of the items of arrays; none where one has items of any kind. */
  static List<JsonSchema> items(List<JsonSchema> arrays) {
    boolean all =
        arrays.stream()
            .allMatch(array -> array.node().path("items").isObject() && !array.has("prefixItems"));
    return all ? arrays.stream().map(array -> array.at("items")).toList() : List.of();
  }

  /** The schemas of the values of objects; none where one has values of any kind. */
  static List<JsonSchema> values(List<JsonSchema> objects) {
    boolean all =
        objects.stream()
            .allMatch(
                object ->
                    object.node().path("additionalProperties").isObject()
                        && !object.has("properties")
                        && !object.has("patternProperties"));
    return all
        ? objects.stream().map(object -> object.at("additionalProperties")).toList()
        : List.of();
  }

  /** Whether a value that is written so can be one of a type. */
  static boolean canBe(Scalar scalar, JsonSchema way) {
    Set<String> types = way.types();
    return types.isEmpty() || types.stream().anyMatch(type -> canBe(scalar, type, way));
  }

  static boolean canBe(Scalar scalar, String type, JsonSchema way) {
    boolean text = type.equals("string");
    return switch (scalar.column()) {
      case BOOLEAN -> type.equals("boolean");
      case INT32, INT64, FLOAT, DOUBLE -> NUMBERS.contains(type);
      case STRING -> text;
      case ENUM -> text && hasSymbol(scalar, way);
      case UUID -> text && isFree(way, "uuid");
      case BYTES -> text && isFree(way, "");
      case DATE -> NUMBERS.contains(type) || (text && isFree(way, "date"));
      case DECIMAL -> NUMBERS.contains(type) || (text && isFree(way, ""));
      case TIMESTAMP, TIMESTAMP_MICROS ->
          text ? isFree(way, "date-time") : NUMBERS.contains(type) && isIn(scalar.column(), way);
      case LIST, MAP, RECORD -> throw new IllegalStateException("no scalar: " + scalar);
    };
  }

  /** Whether text has no format, or none that is never read as the type. */
  private static boolean isFree(JsonSchema way, String format) {
    String found = way.text("format");
    return found == null || !FORMATS.contains(found) || found.equals(format);
  }

  /** Whether a number is not said to be in the other unit: it would be read wrong, silently. */
  private static boolean isIn(ColumnType column, JsonSchema way) {
    String unit = unit(way);
    return unit.isEmpty() || unit.equals("micros") == (column == ColumnType.TIMESTAMP_MICROS);
  }

  private static String unit(JsonSchema way) {
    String unit = way.text("x-unit");
    if (unit != null) {
      return unit;
    }
    String format = way.text("format");
    return "date-time".equals(format) || "utc-millisec".equals(format) ? "millis" : "";
  }

  private static boolean hasSymbol(Scalar scalar, JsonSchema way) {
    JsonNode symbols = way.has("const") ? way.at("const").node() : way.node().path("enum");
    if (symbols.isTextual()) {
      return scalar.symbol(symbols.asText()) >= 0;
    }
    boolean any = !symbols.isArray();
    for (JsonNode symbol : symbols) {
      any |= symbol.isTextual() && scalar.symbol(symbol.asText()) >= 0;
    }
    return any;
  }

  /** For messages: the types. */
  static String describe(List<JsonSchema> ways) {
    return ways.stream().flatMap(JsonWays::describe).distinct().collect(Collectors.joining(" or "));
  }

  private static Stream<String> describe(JsonSchema way) {
    String format = way.text("format");
    String unit = way.text("x-unit");
    return way.types().stream()
        .map(type -> type + (format == null ? "" : " of format " + format))
        .map(type -> type + (unit == null ? "" : " in " + unit))
        .map(type -> type + (way.has("enum") ? " of other symbols" : ""));
  }
}
