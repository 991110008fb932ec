package dev.millrace.transforms.contract;

import static dev.millrace.transforms.decode.Transactions.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.decode.Transactions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {

  @Test
  void layout_has_the_fields_the_identity_and_the_contract() {
    assertThat(Transactions.CONTRACT.layout().columns().toString())
        .isEqualTo(
            "[id: STRING, at: TIMESTAMP, amount: DOUBLE, currency: STRING, channel: ENUM, terminal: INT32, customer: INT64, score: FLOAT, fraud: BOOLEAN, raw: BYTES]");
    assertThat(Transactions.CONTRACT.layout().column("terminal").nullable()).isTrue();
    assertThat(Transactions.CONTRACT.layout().column("amount").nullable()).isFalse();
    assertThat(Transactions.CONTRACT.layout().contract()).isEqualTo(Transactions.SCHEMA.toString());
  }

  @Test
  void contract_travels_to_a_worker() {
    Contract copy = SerializableUtils.clone(Transactions.CONTRACT);
    assertThat(copy.layout()).isEqualTo(Transactions.CONTRACT.layout());
    assertThat(copy.schema()).isEqualTo(Transactions.SCHEMA);
  }

  @Test
  void nested_fields_are_columns_by_their_path() {
    Contract contract =
        Contract.of(
            schema(
                """
                {"name": "head", "type": {"type": "record", "name": "Head", "fields": [
                  {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}},
                {"name": "shop", "type": ["null", {"type": "record", "name": "Shop", "fields": [
                  {"name": "city", "type": "string"},
                  {"name": "rent", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}]},
                {"name": "tags", "type": {"type": "array", "items": "string"}},
                {"name": "seen", "type": {"type": "map", "values": {"type": "int", "logicalType": "date"}}}
                """),
            "head.id",
            "head.at");
    assertThat(contract.layout().columns().toString())
        .isEqualTo(
            "[head.id: UUID, head.at: TIMESTAMP_MICROS, shop: RECORD, shop.city: STRING, shop.rent: DECIMAL, tags: LIST, seen: MAP]");
    assertThat(contract.layout().column("shop.city").nullable()).isTrue();
    assertThat(contract.layout().column("head.id").nullable()).isFalse();
    contract.record().fields().forEach(field -> assertPlaced(contract, field));
    assertThat(contract.layout().schema().getFieldNames())
        .containsExactly("head", "shop", "tags", "seen");
  }

  @Test
  void fields_within_items_are_named_by_the_path_to_their_list() {
    Contract contract =
        Contract.of(
            schema(
                """
                {"name": "id", "type": "string"},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "a", "type": {"type": "array", "items": {"type": "map", "values":
                  {"type": "record", "name": "R", "fields": [
                    {"name": "b", "type": {"type": "array", "items": "int"}}]}}}}
                """),
            "id",
            "at");
    ContractField a = contract.record().fields().get(2);
    ContractField map = ((ValueType.ListOf) a.type()).item();
    ContractField record = ((ValueType.MapOf) map.type()).value();
    ContractField b = record.record().fields().get(0);
    assertThat(map.path()).isEqualTo("a[]");
    assertThat(record.path()).isEqualTo("a[][]");
    assertThat(b.path()).isEqualTo("a[][].b");
    assertThat(((ValueType.ListOf) b.type()).item().path()).isEqualTo("a[][].b[]");
  }

  private static void assertPlaced(Contract contract, ContractField field) {
    if (field.index() >= 0) {
      assertThat(contract.layout().columns().get(field.index()).name()).isEqualTo(field.path());
    }
    if (field.type() instanceof ValueType.Nested nested) {
      nested.record().fields().forEach(each -> assertPlaced(contract, each));
    }
  }

  @Test
  void unsupported_types_are_refused_naming_the_field() {
    Map<String, String> refused =
        Map.of(
            "{\"type\": \"long\", \"logicalType\": \"time-micros\"}",
                "field 'f': found type long of time-micros",
            "[\"null\", \"int\", \"string\"]", "field 'f': found type union",
            "[\"int\"]", "field 'f': found type union",
            "{\"type\": \"array\", \"items\": \"null\"}", "field 'f[]': found type null",
            "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"next\", \"type\": [\"null\", \"R\"]}]}",
                "field 'f.next': found type record test.R within itself");
    refused.forEach(
        (type, message) ->
            assertThatThrownBy(
                    () ->
                        Contract.of(schema("{\"name\": \"f\", \"type\": " + type + "}"), "f", "f"))
                .hasMessageStartingWith(message)
                .hasMessageContaining("expected boolean, int, long"));
  }

  @Test
  void misspelt_id_or_time_is_refused_with_the_name_meant() {
    assertThatThrownBy(() -> Contract.of(Transactions.SCHEMA, "idd", "at"))
        .hasMessageStartingWith(
            "id field 'idd': found no such field in test.Transaction (did you mean 'id'?), expected one of id, at,");
    assertThatThrownBy(() -> Contract.of(Transactions.SCHEMA, "id", "customer"))
        .hasMessage("event time field 'customer': found a long, expected a timestamp");
    assertThatThrownBy(() -> Contract.of(Transactions.SCHEMA, "amount", "at"))
        .hasMessage(
            "id field 'amount': found a double, expected a string, an int, a long or a UUID");
  }

  @Test
  void name_of_two_fields_is_refused() {
    Schema schema =
        schema(
            "{\"name\": \"a\", \"type\": \"string\", \"aliases\": [\"x\"]}, {\"name\": \"x\", \"type\": \"int\"}");
    assertThatThrownBy(() -> Contract.of(schema, "a", "x"))
        .hasMessage("name 'x' stands for field 'a' and for field 'x'");
  }

  @Test
  void file_is_named_when_it_is_missing_or_no_schema(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("t.avsc");
    assertThatThrownBy(() -> Contract.read(file, "id", "at"))
        .hasMessage("contract '%s': found no such file, expected an Avro schema", file);
    Files.writeString(file, "{");
    assertThatThrownBy(() -> Contract.read(file, "id", "at"))
        .hasMessageStartingWith("contract '%s': ".formatted(file));
    Files.writeString(file, Transactions.SCHEMA.toString());
    assertThat(Contract.read(file, "id", "at").layout()).isEqualTo(Transactions.CONTRACT.layout());
  }
}
