package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.JsonSchemas.assertIncompatible;
import static dev.millrace.transforms.decode.JsonSchemas.json;
import static dev.millrace.transforms.decode.JsonSchemas.record;
import static dev.millrace.transforms.decode.JsonSchemas.schema;
import static dev.millrace.transforms.decode.JsonSchemas.values;
import static dev.millrace.transforms.decode.Transactions.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.JsonSchemas.Known;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonEvolutionTest {

  @Test
  void field_added_or_removed_or_renamed_is_read_while_running() throws Exception {
    SchemaText contract =
        schema(
            """
            'amount': {'type': 'number', 'aliases': ['sum']},
            'currency': {'type': 'string', 'default': 'EUR'}, 'shop': {'type': 'string'}
            """);
    RecordDecoder decoder =
        JsonFormat.of(Contract.of(contract, "id", "at"))
            .framedBy(
                Framing.CONFLUENT,
                new Known(
                    Map.of(
                        SchemaId.of(1), schema("'amount': {'type': 'number'}"),
                        SchemaId.of(2),
                            schema("'sum': {'type': 'integer'}, 'new': {'type': 'null'}"),
                        SchemaId.of(3), contract)))
            .open();
    Map<Integer, String> payloads =
        Map.of(
            1, "'amount': 1.5",
            2, "'sum': 2, 'new': null, 'currency': 'CHF'",
            3, "'amount': 3, 'shop': 's'");
    Map<Integer, List<@Nullable Object>> expected =
        Map.of(
            1, Arrays.asList(1.5, "EUR", null),
            2, Arrays.asList(2.0, "CHF", null),
            3, Arrays.asList(3.0, "EUR", "s"));
    for (int id : new int[] {1, 2, 3, 1}) {
      byte[] payload = json("{'id': 'a', 'at': 1, " + payloads.get(id) + "}").getBytes(UTF_8);
      Event event = decoder.decode(record(join(AvroFrame.confluent(id), payload), Map.of()));
      assertThat(event.toRow().getValues().subList(2, 5)).isEqualTo(expected.get(id));
    }
  }

  @Test
  void type_that_the_contract_can_hold_is_read() throws Exception {
    Map<String, List<String>> read =
        Map.ofEntries(
            Map.entry("'type': 'number'", List.of("'type': 'integer'", "1")),
            Map.entry("'type': 'integer'", List.of("'type': 'number'", "1.0")),
            Map.entry(
                "'type': 'number', 'format': 'double'",
                List.of("'type': 'number', 'format': 'float'", "1")),
            Map.entry(
                "'type': 'string'", List.of("'type': 'string', 'format': 'date'", "'2018-04-01'")),
            Map.entry(
                "'type': 'string', 'format': 'date-time'",
                List.of("'type': 'string'", "'2018-04-01T12:00:00Z'")),
            Map.entry(
                "'type': 'integer', 'format': 'utc-millisec'",
                List.of("'type': 'string', 'format': 'date-time'", "'2018-04-01T12:00:00Z'")),
            Map.entry(
                "'type': 'integer', 'format': 'date-time', 'x-unit': 'micros'",
                List.of("'type': 'integer'", "1")),
            Map.entry("'type': 'string', 'format': 'date'", List.of("'type': 'integer'", "17622")),
            Map.entry(
                "'type': 'string', 'format': 'decimal', 'multipleOf': 0.01",
                List.of("'type': 'number'", "1.5")),
            Map.entry(
                "'type': 'string', 'enum': ['A']",
                List.of("'type': 'string', 'enum': ['A', 'B']", "'A'")),
            Map.entry("'enum': ['A', 'B']", List.of("'const': 'A'", "'A'")),
            Map.entry(
                "'type': 'string', 'format': 'byte'",
                List.of("'type': 'string', 'minLength': 1", "'AQI='")),
            Map.entry("'type': 'boolean', 'nullable': true", List.of("'type': 'null'", "null")),
            Map.entry(
                "'type': 'array', 'items': {'type': 'number'}",
                List.of("'type': 'array', 'items': {'type': 'integer'}", "[1]")),
            Map.entry(
                "'type': ['array', 'null'], 'items': {'type': 'boolean'}",
                List.of("'type': 'array'", "[true]")),
            Map.entry(
                "'type': 'object', 'additionalProperties': {'type': 'number'}",
                List.of(
                    "'type': 'object', 'additionalProperties': {'type': 'integer'}", "{'k': 1}")));
    for (Map.Entry<String, List<String>> each : read.entrySet()) {
      SchemaText writer = schema("'f': {" + each.getValue().get(0) + "}");
      String payload = "'f': " + each.getValue().get(1);
      assertThat(values(schema("'f': {" + each.getKey() + "}"), writer, payload))
          .as(each.toString())
          .hasSize(1);
    }
  }

  @Test
  void what_a_schema_leaves_open_is_seen_when_it_is_there() throws Exception {
    SchemaText contract =
        schema(
            "'f': {'type': 'object', 'required': ['a'], 'properties': {'a': {'type': 'number'}}}");
    for (String open :
        List.of(
            "{}",
            "true",
            "{'type': 'object'}",
            "{'type': 'object', 'properties': {'b': {}}, 'patternProperties': {'a': {}}}",
            "{'type': 'object', 'properties': {'b': {}}, 'additionalProperties': {'type': 'number'}}",
            "{'properties': {'a': {}}}",
            "{'properties': {'a': {'not': {'type': 'string'}}}}",
            "{'$dynamicRef': '#meta'}",
            "{'allOf': [{'minProperties': 1}]}",
            "{'anyOf': [{'type': 'string'}, {}]}",
            "{'oneOf': [{'type': 'string'}, {'type': 'object', 'properties': {'a': {'type': ['string', 'integer']}}}]}",
            "{'allOf': [{'type': 'object', 'properties': {'b': {}}}, {'properties': {'a': {}}}]}",
            "{'type': 'object', 'if': {}, 'anyOf': [{'required': ['a']}, {'properties': {'a': {'type': 'number'}}}]}",
            "{'properties': {'a': {'oneOf': [{'type': 'string'}, {'$ref': '#/properties/f/properties/a'}, {'type': 'number'}]}}}")) {
      assertThat(values(contract, schema("'f': " + open), "'f': {'a': 1}").toString())
          .as(open)
          .contains("1.0");
    }
  }

  @Test
  void type_that_can_never_be_read_is_incompatible() {
    Map<String, String> refused =
        Map.ofEntries(
            Map.entry(
                "'number' < 'string'",
                "found string in the writer's schema, expected a double or null"),
            Map.entry(
                "'number' < ['string', 'null']",
                "found string or null in the writer's schema, expected a double or null"),
            Map.entry(
                "'string' < 'number', 'format': 'float'",
                "found number of format float in the writer's schema, expected a string or null"),
            Map.entry(
                "'boolean' < 'integer'",
                "found integer in the writer's schema, expected a boolean or null"),
            Map.entry(
                "'string', 'format': 'uuid' < 'string', 'format': 'date'",
                "found string of format date in the writer's schema, expected a UUID or null"),
            Map.entry(
                "'string', 'format': 'date-time' < 'integer', 'x-unit': 'micros'",
                "found integer in micros in the writer's schema, expected a timestamp (ISO-8601 or epoch milliseconds) or null"),
            Map.entry(
                "'integer', 'format': 'date-time', 'x-unit': 'micros' < 'integer', 'format': 'utc-millisec'",
                "found integer of format utc-millisec in the writer's schema, expected a timestamp (ISO-8601 or epoch microseconds) or null"),
            Map.entry(
                "'string', 'enum': ['A'] < 'string', 'enum': ['B']",
                "found string of other symbols in the writer's schema, expected one of [A] or null"),
            Map.entry(
                "'array', 'items': {'type': 'string'} < 'object'",
                "found object in the writer's schema, expected a list, each item a string or null"),
            Map.entry(
                "'object', 'additionalProperties': {'type': 'string'} < 'string'",
                "found string in the writer's schema, expected a map, each value a string or null"),
            Map.entry(
                "'object', 'properties': {'a': {'type': 'string'}} < 'array'",
                "found array in the writer's schema, expected a record or null"));
    refused.forEach(
        (types, message) -> {
          String[] both = types.split(" < ", 2);
          assertIncompatible(
              schema("'f': {'type': " + both[0] + "}"),
              schema("'f': {'type': " + both[1] + "}"),
              "field 'f': " + message);
        });
    assertIncompatible(
        schema(
            "'f': {'type': 'array', 'items': {'type': 'object', 'properties': {'a': {'type': 'object', 'additionalProperties': {'type': 'number'}}}}}"),
        schema(
            "'f': {'type': 'array', 'items': {'type': 'object', 'properties': {'a': {'type': 'object', 'additionalProperties': {'type': 'string'}}}}}"),
        "field 'f[].a[]': found string in the writer's schema, expected a double");
  }

  @Test
  void required_field_without_default_that_the_writer_has_not_is_incompatible() {
    SchemaText contract =
        SchemaText.of(
            SchemaText.JSON,
            schema("'amount': {'type': 'number', 'aliases': ['sum']}")
                .text()
                .replace("[\"id\", \"at\"]", "[\"id\", \"at\", \"amount\"]"));
    String missing =
        "field 'amount': found none in the writer's schema, expected a double: the contract has no default for it";
    assertIncompatible(contract, schema("'total': {'type': 'number', 'default': 3}"), missing);
    assertIncompatible(contract, schema("'amount': false"), missing);
  }

  @Test
  void alias_is_another_field_where_the_writer_has_the_name_itself() throws Exception {
    SchemaText contract = schema("'amount': {'type': 'number', 'aliases': ['sum', 'total']}");
    SchemaText writer =
        schema(
            "'sum': {'type': 'number'}, 'amount': {'type': 'number'}, 'total': {'type': 'string'}");
    assertThat(values(contract, writer, "'sum': 1, 'total': 't', 'amount': 2"))
        .containsExactly(2.0);
    SchemaText older = schema("'sum': {'type': 'number'}, 'total': {'type': 'string'}");
    assertThat(values(contract, older, "'total': 't', 'sum': 1")).containsExactly(1.0);
  }

  @Test
  void default_of_the_writer_is_not_applied() throws Exception {
    assertThat(
            values(
                schema("'f': {'type': 'integer', 'default': 1}"),
                schema("'f': {'type': 'integer', 'default': 2}"),
                "'g': 3"))
        .containsExactly(1L);
  }
}
