package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
            "[id: STRING, at: TIMESTAMP, amount: DOUBLE, currency: STRING, channel: STRING, terminal: INT32, customer: INT64, score: FLOAT, fraud: BOOLEAN, raw: BYTES]");
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
  void unsupported_types_are_refused_naming_the_field() {
    Map<String, String> refused =
        Map.of(
            "{\"type\": \"array\", \"items\": \"int\"}", "found type array",
            "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 4}",
                "found type bytes of decimal",
            "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}",
                "found type long of timestamp-micros",
            "[\"null\", \"int\", \"string\"]", "found type union",
            "[\"int\"]", "found type union");
    refused.forEach(
        (type, message) ->
            assertThatThrownBy(
                    () ->
                        Contract.of(schema("{\"name\": \"f\", \"type\": " + type + "}"), "f", "f"))
                .hasMessageStartingWith("field 'f': " + message)
                .hasMessageContaining("expected boolean, int, long"));
  }

  @Test
  void misspelt_id_or_time_is_refused_with_the_name_meant() {
    assertThatThrownBy(() -> Contract.of(Transactions.SCHEMA, "idd", "at"))
        .hasMessageStartingWith(
            "id field 'idd': found no such field in test.Transaction (did you mean 'id'?), expected one of id, at,");
    assertThatThrownBy(() -> Contract.of(Transactions.SCHEMA, "id", "customer"))
        .hasMessage(
            "event time field 'customer': found a long, expected a long of timestamp-millis");
    assertThatThrownBy(() -> Contract.of(Transactions.SCHEMA, "amount", "at"))
        .hasMessage("id field 'amount': found a double, expected a string, an int or a long");
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
