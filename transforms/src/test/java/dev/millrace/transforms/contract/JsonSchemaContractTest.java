package dev.millrace.transforms.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.SchemaText.Reference;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonSchemaContractTest {

  private static final String ID_AND_TIME =
      """
      "id": {"type": "string"}, "at": {"type": "string", "format": "date-time"}
      """;

  private static SchemaText text(String json, Reference... references) {
    return new SchemaText(SchemaText.JSON, json, Arrays.asList(references));
  }

  private static String object(String properties) {
    return "{\"type\": \"object\", \"properties\": {%s, %s}, \"required\": [\"id\", \"at\"]}"
        .formatted(ID_AND_TIME, properties);
  }

  /** The one property {@code f} of this schema. */
  private static ContractField field(String schema) {
    RecordType record = JsonSchemaContract.record(text(object("\"f\": " + schema)));
    return Objects.requireNonNull(record.named("f"));
  }

  private static void assertRefused(String schema, String message) {
    assertThatThrownBy(() -> field(schema)).as(schema).hasMessage(message);
  }

  @Test
  void every_type_and_format_has_its_column() {
    Map<String, Scalar> types =
        Map.ofEntries(
            Map.entry("'boolean'", Scalar.of(ColumnType.BOOLEAN)),
            Map.entry("'integer'", Scalar.of(ColumnType.INT64)),
            Map.entry("'integer', 'format': 'int32'", Scalar.of(ColumnType.INT32)),
            Map.entry("'integer', 'format': 'int64'", Scalar.of(ColumnType.INT64)),
            Map.entry("'integer', 'enum': [1, 2]", Scalar.of(ColumnType.INT64)),
            Map.entry("'integer', 'format': 'utc-millisec'", Scalar.of(ColumnType.TIMESTAMP)),
            Map.entry(
                "'integer', 'format': 'date-time', 'x-unit': 'micros'",
                Scalar.of(ColumnType.TIMESTAMP_MICROS)),
            Map.entry("'number'", Scalar.of(ColumnType.DOUBLE)),
            Map.entry("'number', 'multipleOf': 0.01", Scalar.of(ColumnType.DOUBLE)),
            Map.entry("'number', 'format': 'float'", Scalar.of(ColumnType.FLOAT)),
            Map.entry("'number', 'format': 'decimal', 'multipleOf': 0.01", Scalar.decimal(38, 2)),
            Map.entry(
                "'string', 'format': 'decimal', 'multipleOf': 1.0, 'x-precision': 9",
                Scalar.decimal(9, 0)),
            Map.entry("'string'", Scalar.of(ColumnType.STRING)),
            Map.entry("'string', 'format': 'email'", Scalar.of(ColumnType.STRING)),
            Map.entry("'string', 'minLength': 3, 'const': 'abc'", Scalar.of(ColumnType.STRING)),
            Map.entry("'string', 'format': 'date-time'", Scalar.of(ColumnType.TIMESTAMP)),
            Map.entry(
                "'string', 'format': 'date-time', 'x-unit': 'micros'",
                Scalar.of(ColumnType.TIMESTAMP_MICROS)),
            Map.entry(
                "'string', 'format': 'date-time', 'x-unit': 'millis'",
                Scalar.of(ColumnType.TIMESTAMP)),
            Map.entry("'string', 'format': 'date'", Scalar.of(ColumnType.DATE)),
            Map.entry("'string', 'format': 'uuid'", Scalar.of(ColumnType.UUID)),
            Map.entry("'string', 'contentEncoding': 'base64'", Scalar.of(ColumnType.BYTES)),
            Map.entry("'string', 'format': 'byte'", Scalar.of(ColumnType.BYTES)),
            Map.entry("'string', 'enum': ['B', 'A']", Scalar.enumOf(List.of("B", "A"), null)));
    types.forEach(
        (type, scalar) ->
            assertThat(field("{'type': %s}".formatted(type).replace('\'', '"')).type())
                .as(type)
                .isEqualTo(scalar));
    assertThat(field("{\"enum\": [\"A\", null]}").expected()).isEqualTo("one of [A] or null");
  }

  @Test
  void objects_are_records_or_maps_and_arrays_are_lists() {
    Contract contract =
        Contract.of(
            text(
                """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Sale",
                 "type": "object", "additionalProperties": false, "required": ["head", "tags"],
                 "properties": {
                   "head": {"type": "object", "required": ["id", "at"], "properties": {
                     "id": {"type": "string", "format": "uuid"},
                     "at": {"type": "string", "format": "date-time"}}},
                   "shop": {"type": "object", "properties": {"city": {"type": "string"}}},
                   "tags": {"type": "array", "items": {"type": ["string", "null"]}},
                   "seen": {"type": "object", "additionalProperties": {"type": "array",
                     "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}}
                """),
            "head.id",
            "head.at");
    assertThat(contract.layout().columns().toString())
        .isEqualTo(
            "[head.id: UUID, head.at: TIMESTAMP, shop: RECORD, shop.city: STRING, tags: LIST, seen: MAP]");
    assertThat(contract.layout().columns().stream().map(Column::nullable))
        .containsExactly(false, false, true, true, false, true);
    assertThat(expected(contract, "tags")).isEqualTo("a list, each item a string or null");
    assertThat(expected(contract, "seen"))
        .isEqualTo("a map, each value a list, each item a record or null");
    assertThat(contract.schema().getFullName()).isEqualTo("Sale");
    assertThat(contract.source().type()).isEqualTo(SchemaText.JSON);
  }

  private static String expected(Contract contract, String path) {
    return Objects.requireNonNull(contract.at(path)).expected();
  }

  @Test
  void null_is_a_value_in_every_way_to_say_so() {
    for (String nullable :
        List.of(
            "{'type': ['integer', 'null']}",
            "{'type': ['null', 'integer'], 'default': 3}",
            "{'type': 'integer', 'nullable': true}",
            "{'oneOf': [{'type': 'null'}, {'type': 'integer'}]}",
            "{'anyOf': [{'type': 'integer'}, {'type': 'null'}]}",
            "{'anyOf': [{'type': ['integer', 'null']}]}",
            "{'allOf': [{'type': 'integer'}], 'nullable': true}")) {
      RecordType record =
          JsonSchemaContract.record(
              text(
                  "{\"type\": \"object\", \"properties\": {\"f\": %s}, \"required\": [\"f\"]}"
                      .formatted(nullable.replace('\'', '"'))));
      ContractField field = record.fields().get(0);
      assertThat(field.expected()).as(nullable).isEqualTo("a long or null");
      assertThat(field.optional()).isEqualTo(nullable.contains("default"));
    }
  }

  @Test
  void property_may_be_missing_unless_it_is_required_and_has_no_default() {
    ContractField optional = field("{\"type\": \"integer\"}");
    assertThat(optional.nullable()).isTrue();
    assertThat(optional.optional()).isTrue();
    assertThat(optional.defaultValue()).isNull();
    ContractField given = field("{\"type\": \"integer\", \"default\": 7}");
    assertThat(given.nullable()).isFalse();
    assertThat(given.optional()).isTrue();
    assertThat(given.defaultValue()).isEqualTo(7L);
    RecordType record = JsonSchemaContract.record(text(object("\"f\": {\"type\": \"string\"}")));
    assertThat(record.fields().get(0).optional()).isFalse();
    assertThat(record.fields().get(0).nullable()).isFalse();
  }

  @Test
  void default_is_of_the_class_that_a_row_holds() {
    Map<String, Object> defaults =
        Map.ofEntries(
            Map.entry("'boolean', 'default': true", true),
            Map.entry("'integer', 'format': 'int32', 'default': -1", -1),
            Map.entry("'number', 'default': 1", 1.0),
            Map.entry("'number', 'format': 'float', 'default': 0.5", 0.5f),
            Map.entry("'string', 'default': ''", ""),
            Map.entry(
                "'string', 'format': 'date-time', 'default': '2018-04-01T14:00:00.1239+02:00'",
                Instant.parse("2018-04-01T12:00:00.123Z")),
            Map.entry(
                "'integer', 'format': 'date-time', 'default': 1522584000000",
                Instant.parse("2018-04-01T12:00:00Z")),
            Map.entry(
                "'string', 'format': 'date-time', 'x-unit': 'micros', 'default': '2018-04-01T12:00:00.0000019Z'",
                java.time.Instant.parse("2018-04-01T12:00:00.000001Z")),
            Map.entry(
                "'string', 'format': 'date', 'default': '2018-04-01'", LocalDate.of(2018, 4, 1)),
            Map.entry(
                "'string', 'format': 'uuid', 'default': '123e4567-e89b-12d3-a456-426614174000'",
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000")),
            Map.entry(
                "'number', 'format': 'decimal', 'multipleOf': 0.01, 'default': 12345678901234567890.1",
                new BigDecimal("12345678901234567890.10")),
            Map.entry(
                "'string', 'format': 'decimal', 'multipleOf': 0.01, 'default': '1e3'",
                new BigDecimal("1000.00")),
            Map.entry(
                "'array', 'items': {'type': ['integer', 'null']}, 'default': [1, null]",
                Arrays.asList(1L, null)),
            Map.entry(
                "'object', 'additionalProperties': {'type': 'number'}, 'default': {'a': 1.5}",
                Map.of("a", 1.5)));
    defaults.forEach(
        (type, value) ->
            assertThat(field("{'type': %s}".formatted(type).replace('\'', '"')).defaultValue())
                .as(type)
                .isEqualTo(value));
    assertThat(
            (byte[])
                field(
                        "{\"type\": \"string\", \"contentEncoding\": \"base64\", \"default\": \"AQI=\"}")
                    .defaultValue())
        .containsExactly(1, 2);
    Row row =
        (Row)
            Objects.requireNonNull(
                field(
                        """
                        {"type": "object", "default": {"a": 1}, "properties": {
                          "a": {"type": "integer"},
                          "b": {"type": "string", "default": "x"}, "c": {"type": "boolean"}}}
                        """)
                    .defaultValue());
    assertThat(row.getValues()).isEqualTo(Arrays.asList(1L, "x", null));
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
  void references_lead_to_pointers_anchors_ids_and_other_documents() {
    RecordType record =
        JsonSchemaContract.record(
            text(
                """
                {"$id": "https://shop.example/sale.json", "type": "object",
                 "properties": {
                   "a": {"$ref": "#/$defs/by~1pointer"},
                   "b": {"$ref": "#anchor"},
                   "c": {"$ref": "#old"},
                   "d": {"$ref": "inner.json"},
                   "e": {"$ref": "https://shop.example/inner.json#/$defs/deep"},
                   "f": {"$ref": "money.json"},
                   "g": {"$ref": "money.json#/definitions/currency", "default": "CHF",
                         "aliases": ["ccy"]},
                   "h": {"$ref": "#/properties/a"},
                   "i": {"$ref": "#/definitions/p%20q"}},
                 "definitions": {"p q": {"type": "integer"}},
                 "$defs": {
                   "by/pointer": {"type": "boolean"},
                   "x": {"$anchor": "anchor", "type": "integer"},
                   "y": {"$id": "#old", "type": "number"},
                   "z": {"$id": "inner.json", "$ref": "#/$defs/deep", "$defs": {"deep":
                     {"type": "string", "format": "date"}}}}}
                """,
                new Reference(
                    "money.json",
                    """
                    {"type": "object", "properties": {
                      "amount": {"type": "number"}, "currency": {"$ref": "#/definitions/currency"}},
                     "definitions": {"currency": {"type": "string", "default": "EUR"}}}
                    """)));
    assertThat(record.fields().stream().map(ContractField::expected))
        .containsExactly(
            "a boolean or null",
            "a long or null",
            "a double or null",
            "a date (ISO-8601 or days since 1970-01-01) or null",
            "a date (ISO-8601 or days since 1970-01-01) or null",
            "a record or null",
            "a string",
            "a boolean or null",
            "a long or null");
    assertThat(record.fields().get(6).defaultValue()).isEqualTo("CHF");
    assertThat(record.named("ccy")).isSameAs(record.named("g"));
    RecordType money = Objects.requireNonNull(record.named("f")).record();
    // The default of the schema that is referred to is the property's own.
    assertThat(Objects.requireNonNull(money.named("currency")).defaultValue()).isEqualTo("EUR");
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

  @Test
  void contract_of_a_json_schema_travels_with_an_avro_schema_of_its_own(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("sale.json");
    assertThatThrownBy(() -> Contract.read(file, "id", "at"))
        .hasMessage("contract '%s': found no such file, expected a JSON Schema", file);
    Files.writeString(
        file,
        object(
            """
            "channel": {"type": "string", "enum": ["CHIP", "WEB"], "default": "CHIP"},
            "amount": {"type": "string", "format": "decimal", "multipleOf": 0.01, "default": "1.5",
                       "aliases": ["sum", "the-sum"]},
            "shop": {"type": "object", "properties": {"city": {"type": "string"}}}
            """));
    Contract contract = Contract.read(file, "id", "at");
    Contract copy = SerializableUtils.clone(contract);
    assertThat(copy.layout()).isEqualTo(contract.layout());
    assertThat(copy.source()).isEqualTo(contract.source());
    assertThat(copy.schema()).isEqualTo(contract.schema());
    RecordType again = AvroContract.record(contract.schema());
    assertThat(again.fields().stream().map(f -> f.names() + " " + f.expected()))
        .containsExactly(
            "[id] a string",
            "[at] a timestamp (ISO-8601 or epoch milliseconds)",
            "[channel] a string",
            "[amount, sum] a decimal(38, 2)",
            "[shop] a record or null");
    assertThat(again.fields().get(2).defaultValue()).isEqualTo("CHIP");
    assertThat(again.fields().get(3).defaultValue()).isEqualTo(new BigDecimal("1.50"));
    assertThatThrownBy(() -> Contract.read(file, "id", "channel"))
        .hasMessage(
            "contract '%s': event time field 'channel': found one of [CHIP, WEB], expected a timestamp",
            file);
  }

  @Test
  void language_that_is_none_of_the_contracts_is_refused() {
    assertThatThrownBy(() -> Contract.of(SchemaText.of("XSD", "<a/>"), "id", "at"))
        .hasMessage("contract: found a schema of type XSD, expected AVRO, JSON or PROTOBUF");
  }
}
