package dev.millrace.pipelines.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PaymentEncodingTest {
  private static final int TRANSACTION_ID = 17;
  private static final int LABEL_ID = 18;
  private static final CardPayment PAYMENT =
      new CardPayment(
          "tx-00000001",
          Instant.parse("2018-04-01T00:00:31Z"),
          "customer-00596",
          "terminal-03156",
          57.16,
          true,
          2);

  private static CardContracts contracts;
  private static PaymentEncoding bare;
  private static PaymentEncoding framed;

  @BeforeAll
  static void readContracts() throws IOException {
    contracts = CardContracts.read(contractFolder());
    bare = PaymentEncoding.of(contracts);
    framed = bare.framedWith(TRANSACTION_ID, LABEL_ID);
  }

  static Path contractFolder() {
    return Path.of(System.getProperty("millrace.root"), "pipelines", "card-fraud");
  }

  @Test
  void a_payment_is_read_back_with_avros_own_reader() throws IOException {
    byte[] bytes = bare.encode(new Delivery(PAYMENT, Flaw.NONE));
    assertThat(decode(contracts.transaction(), bytes))
        .hasToString(
            "{\"transaction_id\": \"tx-00000001\", \"occurred_at\": 1522540831000,"
                + " \"customer_id\": \"customer-00596\", \"terminal_id\": \"terminal-03156\","
                + " \"amount\": 57.16, \"currency\": \"EUR\"}");
  }

  @Test
  void a_report_is_framed_with_the_id_of_its_own_schema() throws IOException {
    FraudReport report = new FraudReport(PAYMENT, Instant.parse("2018-04-03T00:00:00Z"));
    byte[] bytes = framed.encode(new Delivery(report, Flaw.NONE));
    assertThat(ByteBuffer.wrap(bytes).get()).isZero();
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(LABEL_ID);
    assertThat(decode(contracts.label(), body(bytes)))
        .hasToString(
            "{\"transaction_id\": \"tx-00000001\", \"occurred_at\": 1522540831000,"
                + " \"reported_at\": 1522713600000, \"customer_id\": \"customer-00596\","
                + " \"terminal_id\": \"terminal-03156\", \"fraud\": true}");
  }

  @Test
  void a_duplicate_has_the_same_bytes() {
    byte[] once = framed.encode(new Delivery(PAYMENT, Flaw.LATE));
    assertThat(framed.encode(new Delivery(PAYMENT, Flaw.DUPLICATE))).isEqualTo(once);
  }

  @Test
  void an_unknown_schema_id_is_the_only_thing_wrong_with_its_payload() throws IOException {
    byte[] bytes = framed.encode(new Delivery(PAYMENT, Flaw.UNKNOWN_SCHEMA_ID));
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(PaymentEncoding.UNKNOWN_SCHEMA_ID);
    assertThat(decode(contracts.transaction(), body(bytes)).get("amount")).isEqualTo(57.16);
    assertThatThrownBy(() -> bare.encode(new Delivery(PAYMENT, Flaw.UNKNOWN_SCHEMA_ID)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs framing");
  }

  @Test
  void every_malformed_payload_fails_to_decode_framed_or_bare() {
    Map<Flaw, Integer> failed = new EnumMap<>(Flaw.class);
    Deliveries deliveries =
        CardSimulation.of(9)
            .withCustomers(100)
            .withTerminals(200)
            .withPayments(20_000)
            .deliveries(Disturbances.none().withMalformed(1));
    while (deliveries.hasNext()) {
      Delivery delivery = deliveries.next();
      if (delivery.flaw().isMalformed()) {
        assertThat(decodes(bare.encode(delivery))).as(delivery.toString()).isFalse();
        assertThat(decodesFramed(framed.encode(delivery))).as(delivery.toString()).isFalse();
        failed.merge(delivery.flaw(), 1, Integer::sum);
      } else if (delivery.event() instanceof CardPayment) {
        assertThat(decodesFramed(framed.encode(delivery))).isTrue();
      }
    }
    assertThat(failed)
        .containsOnly(
            Map.entry(Flaw.TRUNCATED, 5_000),
            Map.entry(Flaw.RANDOM_BYTES, 5_000),
            Map.entry(Flaw.WRONG_MAGIC, 5_000),
            Map.entry(Flaw.EMPTY, 5_000));
  }

  @Test
  void a_contract_that_grew_a_field_with_a_default_is_filled_with_it() throws IOException {
    Schema grown = contract("{'name': 'channel', 'type': 'string', 'default': 'POS'}");
    byte[] bytes =
        PaymentEncoding.of(new CardContracts(grown, contracts.label()))
            .encode(new Delivery(PAYMENT, Flaw.NONE));
    assertThat(decode(grown, bytes).get("channel")).hasToString("POS");
  }

  @Test
  void a_contract_with_a_field_that_nothing_is_known_of_is_refused() {
    Schema strange = contract("{'name': 'shoe_size', 'type': 'int'}");
    assertThatThrownBy(() -> PaymentEncoding.of(new CardContracts(strange, contracts.label())))
        .hasMessageContaining("contract Payment has the field shoe_size without a default")
        .hasMessageContaining("customer_id");
    Schema micros =
        contract("{'name': 'occurred_at', 'type': {'type': 'long', 'logicalType': 'local'}}");
    assertThatThrownBy(() -> PaymentEncoding.of(new CardContracts(micros, contracts.label())))
        .hasMessageContaining("occurred_at")
        .hasMessageContaining("timestamp-millis");
  }

  private static Schema contract(String field) {
    String text =
        "{'type': 'record', 'name': 'Payment', 'fields': ["
            + "{'name': 'transaction_id', 'type': 'string'}, %s]}";
    return new Schema.Parser().parse(text.formatted(field).replace('\'', '"'));
  }

  private static boolean decodesFramed(byte[] bytes) {
    return bytes.length >= 5
        && bytes[0] == 0
        && ByteBuffer.wrap(bytes).getInt(1) == TRANSACTION_ID
        && decodes(body(bytes));
  }

  private static boolean decodes(byte[] bytes) {
    try {
      decode(contracts.transaction(), bytes);
      return true;
    } catch (IOException | RuntimeException malformed) {
      return false;
    }
  }

  private static GenericRecord decode(Schema schema, byte[] bytes) throws IOException {
    return new GenericDatumReader<GenericRecord>(schema)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static byte[] body(byte[] framedBytes) {
    return Arrays.copyOfRange(framedBytes, 5, framedBytes.length);
  }
}
