package dev.millrace.transforms.contract;

import static dev.millrace.transforms.decode.Transactions.schema;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.decode.Transactions;
import dev.millrace.transforms.event.ColumnType;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class AvroOfContractTest {

  private static Schema written(RecordType record) {
    return AvroOfContract.schema("shop.Sale", record);
  }

  private static void assertStays(Schema schema) {
    RecordType read = AvroContract.record(schema);
    Schema written = written(read);
    RecordType again = AvroContract.record(written);
    assertThat(written(again)).isEqualTo(written);
    // An enum comes back as a string, and everything else as it was.
    assertThat(again.fields()).hasSameSizeAs(read.fields());
    for (int i = 0; i < read.fields().size(); i++) {
      ContractField before = read.fields().get(i);
      ContractField after = again.fields().get(i);
      assertThat(after.names()).isEqualTo(before.names());
      assertThat(after.nullable()).isEqualTo(before.nullable());
      assertThat(after.optional()).isEqualTo(before.optional());
      if (before.type() instanceof Scalar scalar && scalar.column() != ColumnType.ENUM) {
        assertThat(after.type()).isEqualTo(scalar);
        assertThat(after.defaultValue()).isEqualTo(before.defaultValue());
      }
    }
  }

  @Test
  void every_plain_type_with_its_aliases_and_defaults_stays_what_it_was() {
    assertStays(Transactions.SCHEMA);
  }

  @Test
  void logical_types_keep_their_defaults() {
    assertStays(
        schema(
            """
            {"name": "a", "type": {"type": "string", "logicalType": "uuid"}, "default": "123e4567-e89b-12d3-a456-426614174000"},
            {"name": "b", "type": {"type": "int", "logicalType": "date"}, "default": 17622},
            {"name": "c", "type": {"type": "long", "logicalType": "timestamp-micros"}, "default": 1500000000000001},
            {"name": "d", "type": {"type": "long", "logicalType": "timestamp-millis"}, "default": 1500000000001},
            {"name": "e", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}, "default": "\\u0001\\u00ff"},
            {"name": "f", "type": [{"type": "long", "logicalType": "timestamp-millis"}, "null"], "default": 1}
            """));
  }

  @Test
  void union_begins_with_the_type_of_its_default() {
    Schema schema =
        written(
            RecordType.of(
                List.of(
                    ContractField.of("a", Scalar.of(ColumnType.INT32)).orNull(),
                    ContractField.of("b", Scalar.of(ColumnType.INT32)).orNull().withDefault(null),
                    ContractField.of("c", Scalar.of(ColumnType.INT32)).orNull().withDefault(3))));
    assertThat(schema.getField("a").schema().toString()).isEqualTo("[\"null\",\"int\"]");
    assertThat(schema.getField("a").hasDefaultValue()).isFalse();
    assertThat(schema.getField("b").schema().toString()).isEqualTo("[\"null\",\"int\"]");
    assertThat(schema.getField("b").hasDefaultValue()).isTrue();
    assertThat(schema.getField("c").schema().toString()).isEqualTo("[\"int\",\"null\"]");
    assertThat(schema.getField("c").defaultVal()).isEqualTo(3);
  }

  @Test
  void records_within_are_named_by_their_paths_with_their_defaults() {
    Schema schema =
        schema(
            """
            {"name": "a", "type": {"type": "record", "name": "A", "fields": [
              {"name": "b", "type": {"type": "record", "name": "B", "fields": [
                {"name": "n", "type": ["int", "null"], "default": 1}]}, "default": {"n": 2}}]}},
            {"name": "a_b", "type": {"type": "array", "items": ["null", {"type": "record", "name": "I", "fields": [
              {"name": "m", "type": {"type": "map", "values": "A"}, "default": {"k": {"b": {"n": 3}}}}]}]},
              "default": []},
            {"name": "print", "type": {"type": "fixed", "name": "Print", "size": 2}, "default": "ab"}
            """);
    assertStays(schema);
    Schema written = written(AvroContract.record(schema));
    assertThat(written.getField("a").schema().getFullName()).isEqualTo("shop.Sale.a");
    assertThat(written.getField("a").schema().getField("b").schema().getFullName())
        .isEqualTo("shop.Sale.a.b");
    assertThat(written.getField("a").schema().getField("b").defaultVal().toString())
        .isEqualTo("{n=2}");
    Schema item = written.getField("a_b").schema().getElementType().getTypes().get(1);
    assertThat(item.getFullName()).isEqualTo("shop.Sale.a_b.item");
    assertThat(item.getField("m").defaultVal().toString()).isEqualTo("{k={b={n=3}}}");
    assertThat(written.getField("print").schema().getFixedSize()).isEqualTo(2);
  }

  @Test
  void enum_is_a_string_whose_default_is_its_symbol() {
    Schema schema = written(AvroContract.record(Transactions.SCHEMA));
    assertThat(schema.getField("channel").schema().toString()).isEqualTo("\"string\"");
    assertThat(schema.getField("channel").defaultVal()).isEqualTo("CHIP");
  }

  @Test
  void alias_that_avro_does_not_take_is_left_out() {
    ContractField item = ContractField.of("item", Scalar.of(ColumnType.STRING));
    Schema schema =
        written(
            RecordType.of(
                List.of(
                    ContractField.of("a", new ListOf(item)).withAliases(List.of("old", "a-b")),
                    ContractField.of("b", new Nested(RecordType.ofOne(item))))));
    assertThat(schema.getField("a").aliases()).containsExactly("old");
  }
}
