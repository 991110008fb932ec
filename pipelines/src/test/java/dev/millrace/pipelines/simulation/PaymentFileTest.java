package dev.millrace.pipelines.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaymentFileTest {
  private static final List<CardPayment> PAYMENTS =
      List.of(
          payment("tx-00000000", "2018-04-01T00:00:31Z", 57.16, 0),
          payment("tx-00000001", "2018-04-02T23:59:59Z", 146.0, 2));

  @TempDir private Path folder;
  private final Schema contract;

  PaymentFileTest() throws IOException {
    contract =
        CardContracts.schema(PaymentEncodingTest.contractFolder().resolve("transaction.avsc"));
  }

  @Test
  void a_csv_file_has_the_contracts_fields() throws IOException {
    assertThat(Files.readString(write("payments.csv", contract)))
        .isEqualTo(
            """
            transaction_id,occurred_at,customer_id,terminal_id,amount,currency
            tx-00000000,2018-04-01T00:00:31Z,customer-00596,terminal-03156,57.16,EUR
            tx-00000001,2018-04-02T23:59:59Z,customer-00596,terminal-03156,146.0,EUR
            """);
  }

  @Test
  void a_contract_of_the_handbooks_columns_gets_all_of_its_table() throws IOException {
    Schema handbook =
        CardContracts.schema(PaymentEncodingTest.contractFolder().resolve("handbook.avsc"));
    assertThat(Files.readString(write("payments.csv", handbook)))
        .isEqualTo(
            """
            TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,\
            TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO
            tx-00000000,2018-04-01T00:00:31Z,customer-00596,terminal-03156,57.16,31,0,0,0
            tx-00000001,2018-04-02T23:59:59Z,customer-00596,terminal-03156,146.0,172799,1,1,2
            """);
  }

  @Test
  void a_json_file_has_one_object_a_line_and_gz_compresses_it() throws IOException {
    assertThat(unzipped(write("payments.jsonl.gz", contract)))
        .containsExactly(
            "{\"transaction_id\":\"tx-00000000\",\"occurred_at\":\"2018-04-01T00:00:31Z\","
                + "\"customer_id\":\"customer-00596\",\"terminal_id\":\"terminal-03156\","
                + "\"amount\":57.16,\"currency\":\"EUR\"}",
            "{\"transaction_id\":\"tx-00000001\",\"occurred_at\":\"2018-04-02T23:59:59Z\","
                + "\"customer_id\":\"customer-00596\",\"terminal_id\":\"terminal-03156\","
                + "\"amount\":146.0,\"currency\":\"EUR\"}");
  }

  @Test
  void an_avro_file_is_read_back_under_its_contract() throws IOException {
    assertThat(readAvro(write("a/b/payments.avro", contract)))
        .extracting(record -> record.get("transaction_id").toString(), r -> r.get("amount"))
        .containsExactly(tuple("tx-00000000", 57.16), tuple("tx-00000001", 146.0));
  }

  @Test
  void a_contract_with_the_label_receives_it() throws IOException {
    Schema handbook =
        CardContracts.schema(PaymentEncodingTest.contractFolder().resolve("handbook.avsc"));
    assertThat(readAvro(write("labelled.avro", handbook)))
        .extracting(record -> record.get("fraud"))
        .containsExactly(false, true);
  }

  @Test
  void a_name_that_tells_no_format_is_refused() {
    assertThatThrownBy(() -> write("payments.txt.gz", contract))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("payments.txt.gz")
        .hasMessageContaining(".csv, .jsonl, .json or .avro");
  }

  @Test
  void a_file_that_is_no_record_schema_is_named() throws IOException {
    Path broken = folder.resolve("broken.avsc");
    for (String text : List.of("{\"type\": \"nonsense\"}", "{\"type\": ", "{}")) {
      Files.writeString(broken, text);
      assertThatThrownBy(() -> CardContracts.schema(broken))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("broken.avsc is not an Avro schema");
    }
    Files.writeString(broken, "\"string\"");
    assertThatThrownBy(() -> CardContracts.schema(broken))
        .hasMessageContaining("broken.avsc must be an Avro record, but is a STRING");
  }

  private Path write(String name, Schema schema) throws IOException {
    Path path = folder.resolve(name);
    try (PaymentFile file = PaymentFile.create(path, schema)) {
      for (CardPayment payment : PAYMENTS) {
        file.write(payment);
      }
    }
    return path;
  }

  private static List<GenericRecord> readAvro(Path path) throws IOException {
    List<GenericRecord> records = new ArrayList<>();
    try (DataFileReader<GenericRecord> file =
        new DataFileReader<>(path.toFile(), new GenericDatumReader<>())) {
      file.forEach(records::add);
    }
    return records;
  }

  private static List<String> unzipped(Path path) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static CardPayment payment(String id, String time, double amount, int scenario) {
    return new CardPayment(
        id,
        Instant.parse(time),
        "customer-00596",
        "terminal-03156",
        amount,
        scenario > 0,
        scenario);
  }
}
