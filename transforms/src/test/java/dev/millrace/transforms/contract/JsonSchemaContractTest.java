package dev.millrace.transforms.contract;

import static dev.millrace.transforms.contract.JsonSchemas.field;
import static dev.millrace.transforms.contract.JsonSchemas.object;
import static dev.millrace.transforms.contract.JsonSchemas.text;
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
