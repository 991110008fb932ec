package dev.millrace.transforms.contract;

import static dev.millrace.transforms.contract.JsonSchemas.field;
import static dev.millrace.transforms.contract.JsonSchemas.object;
import static dev.millrace.transforms.contract.JsonSchemas.text;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.registry.SchemaText.Reference;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a JSON Schema cannot say of a contract, and what its author is told. */
class JsonSchemaRefusalsTest {

  private static void assertRefused(String schema, String message) {
    assertThatThrownBy(() -> field(schema)).as(schema).hasMessage(message);
  }

  @Test
  void default_that_does_not_fit_is_refused_with_its_place() {
    Map<String, String> refused =
        Map.ofEntries(
            Map.entry("'integer', 'default': 1.5", "found 1.5, expected a long"),
            Map.entry("'integer', 'default': '1'", "found \"1\", expected a long"),
            Map.entry("'integer', 'default': null", "found null, expected a long"),
            Map.entry(
                "'integer', 'format': 'int32', 'default': 3000000000",
                "found 3000000000, expected an int"),
            Map.entry(
                "'string', 'enum': ['A'], 'default': 'B'", "found \"B\", expected one of [A]"),
            Map.entry(
                "'string', 'format': 'date', 'default': '2018-02-30'",
                "found \"2018-02-30\", expected a date (ISO-8601 or days since 1970-01-01)"),
            Map.entry(
                "'number', 'format': 'decimal', 'multipleOf': 0.1, 'default': 0.15",
                "found 0.15, expected a decimal(38, 1)"),
            Map.entry(
                "'string', 'format': 'decimal', 'multipleOf': 1, 'default': '1e999999999'",
                "found \"1e999999999\", expected a decimal(38, 0)"),
            Map.entry("'string', 'format': 'byte', 'default': '?'", "found \"?\", expected bytes"),
            Map.entry(
                "'array', 'items': {'type': 'integer'}, 'default': {}",
                "found {}, expected a list, each item a long"));
    refused.forEach(
        (type, message) ->
            assertRefused(
                "{'type': %s}".formatted(type).replace('\'', '"'),
                "#/properties/f/default: " + message));
    assertRefused(
        "{\"type\": \"array\", \"items\": {\"type\": \"integer\"}, \"default\": [1, true]}",
        "#/properties/f/default/1: found true, expected a long");
    String record = "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}, ";
    assertRefused(
        record + "\"default\": {\"b\": 1}}",
        "#/properties/f/default: found the property 'b', expected one of [a]");
    assertRefused(
        record + "\"required\": [\"a\"], \"default\": {}}",
        "#/properties/f/default: found no 'a', expected a string");
  }

  @Test
  void type_that_cannot_be_held_is_refused_with_its_place() {
    String types = "expected a schema of one type, or of one and null";
    Map<String, String> refused =
        Map.ofEntries(
            Map.entry("{}", ": found no type, " + types),
            Map.entry("true", ": found no type, " + types),
            Map.entry("{'type': 'null'}", "/type: found no type, " + types),
            Map.entry("{'const': 1}", ": found no type, " + types),
            Map.entry(
                "{'type': ['string', 'integer']}",
                "/type: found the types [string, integer], " + types),
            Map.entry("{'enum': ['A', 1]}", ": found the types [string, integer], " + types),
            Map.entry(
                "{'type': 'string', 'enum': ['A', 1]}",
                "/enum/1: found 1, expected text, as all of the enum"),
            Map.entry(
                "{'type': 'string', 'enum': []}",
                "/enum: found no text, expected the symbols of an enum"),
            Map.entry(
                "{'type': 'int'}",
                "/type: found 'int', expected object, array, string, integer, number, boolean or null"),
            Map.entry(
                "{'oneOf': [{'type': 'string'}, {'type': 'integer'}, {'type': 'null'}]}",
                "/oneOf: found 2 types, " + types),
            Map.entry("{'anyOf': [{'type': 'null'}]}", "/anyOf: found 0 types, " + types),
            Map.entry(
                "{'allOf': [{'type': 'string'}, {'minLength': 1}]}",
                "/allOf: found 2 types, " + types),
            Map.entry(
                "{'type': 'object', 'anyOf': [{'required': ['a']}]}",
                "/anyOf: found 'anyOf' beside 'type', expected one of them"),
            Map.entry(
                "{'$ref': '#/properties/id', 'type': 'string'}",
                "/$ref: found '$ref' beside 'type', expected one of them"),
            Map.entry("{'type': 'string', 'not': {}}", "/not: found 'not', " + types),
            Map.entry("{'type': 'string', 'if': {}}", "/if: found 'if', " + types),
            Map.entry("{'$dynamicRef': '#a'}", "/$dynamicRef: found '$dynamicRef', " + types),
            Map.entry(
                "{'type': 'object', 'patternProperties': {}}",
                "/patternProperties: found 'patternProperties', " + types),
            Map.entry(
                "{'type': 'array', 'prefixItems': []}",
                "/prefixItems: found 'prefixItems', " + types),
            Map.entry(
                "{'type': 'array', 'items': [{'type': 'string'}]}",
                ": found 'items' that is no schema, expected 'items' with the schema of all"),
            Map.entry(
                "{'type': 'array'}", ": found no 'items', expected 'items' with the schema of all"),
            Map.entry(
                "{'type': 'object', 'additionalProperties': true}",
                ": found an object of unknown fields, expected 'properties', or a schema as its 'additionalProperties' for a map"),
            Map.entry(
                "{'type': 'array', 'items': {'type': 'array', 'items': {}}}",
                "/items/items: found no type, " + types),
            Map.entry(
                "{'type': 'number', 'format': 'decimal'}",
                ": found a decimal without 'multipleOf', expected 1, 0.1, 0.01 or so on there"),
            Map.entry(
                "{'type': 'number', 'format': 'decimal', 'multipleOf': 0.05}",
                "/multipleOf: found 0.05, expected 1, 0.1, 0.01 or so on"),
            Map.entry(
                "{'type': 'number', 'format': 'decimal', 'multipleOf': 0.001, 'x-precision': 2}",
                "/multipleOf: found 3 digits behind the point, expected at most 2, its 'x-precision'"),
            Map.entry(
                "{'type': 'number', 'format': 'decimal', 'multipleOf': 1, 'x-precision': 39}",
                "/x-precision: found 39, expected a whole number from 1 to 38"),
            Map.entry(
                "{'type': 'string', 'format': 'date-time', 'x-unit': 'nanos'}",
                "/x-unit: found \"nanos\", expected \"millis\" or \"micros\""),
            Map.entry(
                "{'type': 'string', 'aliases': 'old'}",
                "/aliases: found no list, expected a list of names"),
            Map.entry("{'type': 'string', 'aliases': [1]}", "/aliases/0: found 1, expected a name"),
            Map.entry(
                "{'$ref': '#/nowhere'}",
                "/$ref: found '#/nowhere', expected a place in the schema, or one of []"),
            Map.entry(
                "{'$ref': '#/properties/f'}",
                ": found a type within itself, expected one that ends"),
            Map.entry(
                "{'type': 'object', 'properties': {'next': {'$ref': '#/properties/f'}}}",
                ": found a type within itself, expected one that ends"));
    refused.forEach(
        (schema, message) -> assertRefused(schema.replace('\'', '"'), "#/properties/f" + message));
  }

  @Test
  void record_that_cannot_be_read_is_refused_with_its_place() {
    Map<String, String> refused =
        Map.of(
            object("\"customer-id\": {\"type\": \"string\"}"),
            "#/properties/customer-id: found the name 'customer-id', expected letters, digits and '_', with the name as it is written among its 'aliases'",
            object("\"a\": {\"type\": \"string\", \"aliases\": [\"id\"]}"),
            "#/properties: name 'id' stands for field 'id' and for field 'a'",
            "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}, \"required\": [\"b\"]}",
            "#/required/0: found \"b\", expected one of the properties [a]",
            "{\"type\": \"string\"}",
            "#: found a string, expected an object with properties",
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": []}",
            "#: found an Avro schema, expected a JSON Schema, or an Avro schema in a file that ends in .avsc");
    refused.forEach(
        (schema, message) ->
            assertThatThrownBy(() -> JsonSchemaContract.record(text(schema))).hasMessage(message));
    assertThatThrownBy(() -> JsonSchemaContract.record(text("{\"a\": 1, \"a\": 2}")))
        .hasMessageStartingWith("#: found what is not JSON, expected a JSON Schema: Duplicate");
    assertThatThrownBy(
            () ->
                JsonSchemaContract.record(
                    text(
                        object("\"f\": {\"$ref\": \"money.json\"}"),
                        new Reference("money.json", "{\"type\": \"array\"}"))))
        .hasMessage("money.json#: found no 'items', expected 'items' with the schema of all");
  }
}
