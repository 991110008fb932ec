package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.JsonSchema;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.contract.ValueType;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.deadletter.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A contract as the payloads of one writer are read by it. Refused is a writer's JSON Schema by
 * which a field can never be read: one of another type, or one that the contract has no default for
 * and the writer no property. All that a schema leaves open is open: whether a value fits is seen
 * when it is there.
 *
 * <p>Of a field's names those are left that the writer means by it: its own where the writer has
 * it, else the first alias. So a writer that has both may mean something else by the alias.
 *
 * <p>A writer's {@code default} is an annotation for its own readers, and is not applied: what a
 * payload lacks has the contract's.
 */
final class JsonWriter {

  private JsonWriter() {}

  /**
   * @throws UndecodableException naming the field, what was found in the schema and what was
   *     expected
   */
  static RecordType read(RecordType contract, JsonSchema writer) throws UndecodableException {
    List<JsonSchema> ways = JsonWays.of(List.of(writer));
    List<JsonSchema> objects = JsonWays.ofType("object", ways);
    if (objects.isEmpty() && !ways.isEmpty()) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA,
          "found a writer's schema of type %s, expected an object"
              .formatted(JsonWays.describe(ways)));
    }
    return record(contract, objects);
  }

  private static RecordType record(RecordType contract, List<JsonSchema> objects)
      throws UndecodableException {
    Map<String, List<JsonSchema>> properties = JsonWays.properties(objects);
    boolean closed = !properties.isEmpty() && objects.stream().noneMatch(JsonWays::hasOthers);
    List<ContractField> fields = new ArrayList<>();
    for (ContractField field : contract.fields()) {
      String name = field.names().stream().filter(properties::containsKey).findFirst().orElse(null);
      if (name != null) {
        fields.add(field(named(field, name), properties.getOrDefault(name, List.of())));
      } else if (closed && !field.optional()) {
        throw new UndecodableException(
            Reason.INCOMPATIBLE_SCHEMA,
            "field '%s': found none in the writer's schema, expected %s: the contract has no default for it"
                .formatted(field.path(), field.expected()));
      } else {
        fields.add(field);
      }
    }
    return RecordType.of(fields);
  }

  private static ContractField field(ContractField field, List<JsonSchema> schemas)
      throws UndecodableException {
    List<JsonSchema> ways = JsonWays.of(schemas);
    if (ways.isEmpty()) {
      return field;
    }
    if (field.type() instanceof Scalar scalar) {
      boolean onlyNull = field.nullable() && JsonWays.areNull(ways);
      if (!onlyNull && ways.stream().noneMatch(way -> JsonWays.canBe(scalar, way))) {
        throw refused(field, ways);
      }
      return field;
    }
    boolean isList = field.type() instanceof ListOf;
    List<JsonSchema> fitting = JsonWays.ofType(isList ? "array" : "object", ways);
    if (fitting.isEmpty()) {
      if (field.nullable() && JsonWays.areNull(ways)) {
        return field;
      }
      throw refused(field, ways);
    }
    if (field.type() instanceof Nested nested) {
      return typed(field, new Nested(record(nested.record(), fitting)));
    }
    if (field.type() instanceof ListOf list) {
      List<JsonSchema> items = JsonWays.items(fitting);
      return items.isEmpty() ? field : typed(field, new ListOf(field(list.item(), items)));
    }
    ContractField value = ((MapOf) field.type()).value();
    List<JsonSchema> values = JsonWays.values(fitting);
    return values.isEmpty() ? field : typed(field, new MapOf(field(value, values)));
  }

  private static UndecodableException refused(ContractField field, List<JsonSchema> ways) {
    return new UndecodableException(
        Reason.INCOMPATIBLE_SCHEMA,
        "field '%s': found %s in the writer's schema, expected %s"
            .formatted(field.path(), JsonWays.describe(ways), field.expected()));
  }

  private static ContractField named(ContractField field, String name) {
    List<String> names = Stream.of(field.name(), name).distinct().toList();
    return new ContractField(
        names,
        field.number(),
        field.type(),
        field.nullable(),
        field.optional(),
        field.defaultValue(),
        field.path(),
        field.index());
  }

  private static ContractField typed(ContractField field, ValueType type) {
    return new ContractField(
        field.names(),
        field.number(),
        type,
        field.nullable(),
        field.optional(),
        field.defaultValue(),
        field.path(),
        field.index());
  }
}
