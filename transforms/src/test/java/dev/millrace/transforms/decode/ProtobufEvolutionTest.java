package dev.millrace.transforms.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProtobufEvolutionTest {

  private static final String HEAD =
      """
      syntax = "proto3";
      package card;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";
      import "google/protobuf/struct.proto";
      import "millrace.proto";
      enum Channel { CHANNEL_UNSPECIFIED = 0; CHIP = 1; %s }
      message Payment { string id = 1; google.protobuf.Timestamp at = 2; %s }
      message Other { message Within { string id = 1; google.protobuf.Timestamp at = 2; %2$s } }
      """;

  private static final String WRITTEN = "id: \"a\" at { seconds: 1700000000 } ";

  /** Schemas under any kind of id. */
  private record Schemas(SchemaText one) implements SchemaSource {
    @Override
    public boolean keeps(SchemaId.Kind kind) {
      return true;
    }

    @Override
    public Optional<SchemaText> find(SchemaId id) {
      return Optional.of(one);
    }

    @Override
    public void check() {}
  }

  @Test
  void renamed_field_is_found_by_its_number() throws Exception {
    assertThat(read("double amount = 3;", "double sum = 3;", "sum: 2.5", "amount")).isEqualTo(2.5);
  }

  @Test
  void field_of_another_number_is_found_by_its_alias() throws Exception {
    String contract = "string merchant = 9 [(millrace.aliases) = \"shop\"];";
    assertThat(read(contract, "string shop = 3;", "shop: 'x'", "merchant")).isEqualTo("x");
  }

  @Test
  void added_and_removed_fields_are_defaults_and_skipped() throws Exception {
    assertThat(read("int32 added = 3;", "string removed = 4;", "removed: 'x'", "added"))
        .isEqualTo(0);
    assertThat(read("optional int32 added = 3;", "", "", "added")).isNull();
  }

  @Test
  void numbers_are_promoted_and_kept_where_they_fit() throws Exception {
    assertThat(read("int64 n = 3;", "int32 n = 3;", "n: -7", "n")).isEqualTo(-7L);
    assertThat(read("double n = 3;", "sint64 n = 3;", "n: -7", "n")).isEqualTo(-7.0);
    assertThat(read("int32 n = 3;", "uint64 n = 3;", "n: 7", "n")).isEqualTo(7);
    assertThat(read("bool n = 3;", "int32 n = 3;", "n: 1", "n")).isEqualTo(true);
    assertThat(read("int32 n = 3;", "Channel n = 3;", "n: CHIP", "n")).isEqualTo(1);
    assertRefused(
        Reason.INCOMPATIBLE_SCHEMA, "'n'", "int32 n = 3;", "int64 n = 3;", "n: 4294967296");
    assertRefused(
        Reason.MALFORMED, "'n'", "int64 n = 3;", "uint64 n = 3;", "n: 18446744073709551615");
  }

  @Test
  void type_that_cannot_be_read_is_named_with_what_was_expected() {
    assertRefused(
        Reason.INCOMPATIBLE_SCHEMA,
        "field 'n': found string in the writer's schema, expected an int",
        "int32 n = 3;",
        "string n = 3;",
        "");
    assertRefused(
        Reason.INCOMPATIBLE_SCHEMA,
        "field 'n': found repeated int32 in the writer's schema, expected an int",
        "int32 n = 3;",
        "repeated int32 n = 3;",
        "");
  }

  @Test
  void field_may_become_optional_a_wrapper_or_a_list() throws Exception {
    assertThat(read("int32 n = 3;", "optional int32 n = 3;", "", "n")).isEqualTo(0);
    assertThat(read("optional int32 n = 3;", "int32 n = 3;", "", "n")).isEqualTo(0);
    assertThat(read("int64 n = 3;", "google.protobuf.Int64Value n = 3;", "n { value: 5 }", "n"))
        .isEqualTo(5L);
    assertThat(read("repeated string n = 3;", "string n = 3;", "n: 'x'", "n"))
        .asString()
        .isEqualTo("[x]");
  }

  @Test
  void symbol_is_found_by_number_and_an_unknown_one_is_the_unspecified() throws Exception {
    String field = "Channel channel = 3;";
    String payment = WRITTEN + "channel: WEB";
    assertThat(symbol("WEB = 2;", field, payment)).isEqualTo("CHANNEL_UNSPECIFIED");
    assertThat(symbol("WEB = 1; option allow_alias = true;", field, payment)).isEqualTo("CHIP");
  }

  @Test
  void contract_in_avro_finds_its_fields_by_name_and_reads_text_as_its_types() throws Exception {
    String fields =
        """
        string session_id = 3; string amount = 4; Channel channel = 5;
        google.protobuf.Struct rest = 6; int64 day = 7;
        """;
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Payment", "fields": [
                  {"name": "id", "type": "string"},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "sessionId", "type": {"type": "string", "logicalType": "uuid"}},
                  {"name": "sum", "aliases": ["amount"], "type":
                    {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "channel", "type": "string"},
                  {"name": "rest", "type": ["null", "string"]}]}
                """);
    String payment =
        """
        session_id: '0b8f3c1e-4a52-4a1e-9f0a-000000000001' amount: '12.34' channel: CHIP
        rest { fields { key: 'a' value { list_value { values { bool_value: true } values { null_value: NULL_VALUE } } } } }
        """;
    ProtobufSchema writer = schema("", fields);
    Event event =
        decode(Contract.of(schema, "id", "at"), writer, writer.message(), WRITTEN + payment, false);
    assertThat(event.toRow().getValues())
        .map(String::valueOf)
        .contains("0b8f3c1e-4a52-4a1e-9f0a-000000000001", "12.34", "CHIP")
        .contains("{\"a\":[true,null]}");
  }

  @Test
  void indexes_lead_to_a_message_within_another() throws Exception {
    ProtobufSchema writer = schema("", "int32 n = 3;");
    Contract contract = Contract.ofMessage(writer, "card.Payment", "id", "at");
    Event event =
        decode(
            contract, writer, writer.message("card.Other.Within"), WRITTEN + "n: 5", true, 4, 2, 0);
    assertThat(event.toRow().getInt32("n")).isEqualTo(5);
  }

  @Test
  void indexes_that_lead_nowhere_are_malformed() {
    ProtobufSchema writer = schema("", "");
    Contract contract = Contract.ofMessage(writer, "card.Payment", "id", "at");
    for (int[] path : new int[][] {{2, 8}, {1}, {3}, {0x7e}, {4, 2}, {4, 2, 1}}) {
      UndecodableException e =
          catchThrowableOfType(
              UndecodableException.class,
              () -> decode(contract, writer, writer.message(), "", true, path));
      assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void contract_in_another_language_is_refused_without_a_frame() {
    Contract avro = Transactions.CONTRACT;
    assertThatThrownBy(() -> ProtobufFormat.of(avro).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found a contract in AVRO, expected one in PROTOBUF");
  }

  @Test
  void limits_of_depth_and_items_hold() throws Exception {
    ProtobufSchema writer = schema("", "repeated int32 n = 3;");
    Contract contract = Contract.ofMessage(writer, null, "id", "at");
    RecordDecoder decoder =
        ProtobufFormat.of(contract).withLimits(Limits.DEFAULT.withItems(3).withDepth(5)).open();
    byte[] groups = new byte[40];
    java.util.Arrays.fill(groups, (byte) (9 << 3 | 3));
    for (byte[] payload : new byte[][] {{3 << 3 | 2, 4, 1, 1, 1, 1}, groups}) {
      UndecodableException e =
          catchThrowableOfType(
              UndecodableException.class,
              () -> decoder.decode(new RawRecord(Origin.NONE, 0, null, payload)));
      assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
    }
  }

  private static ProtobufSchema schema(String symbols, String fields) {
    return ProtobufSchema.of("payment.proto", HEAD.formatted(symbols, fields), Map.of());
  }

  private static @Nullable Object read(String contract, String writer, String payment, String field)
      throws Exception {
    ProtobufSchema wrote = schema("", writer);
    return decode(
            Contract.ofMessage(schema("", contract), "card.Payment", "id", "at"),
            wrote,
            wrote.message(),
            WRITTEN + payment,
            false)
        .toRow()
        .getValue(field);
  }

  private static @Nullable Object symbol(String symbols, String field, String payment)
      throws Exception {
    ProtobufSchema wrote = schema(symbols, field);
    Contract contract = Contract.ofMessage(schema("", field), null, "id", "at");
    Event event = decode(contract, wrote, wrote.message(), payment, false);
    return Everything.plain(event.toRow()).get("channel");
  }

  private static void assertRefused(
      Reason reason, String message, String contract, String writer, String payment) {
    UndecodableException e =
        catchThrowableOfType(
            UndecodableException.class, () -> read(contract, writer, payment, "n"));
    assertThat(e.reason()).isEqualTo(reason);
    assertThat(e.message()).contains(message);
  }

  /** Through headers, or behind Confluent's id and the bytes of its indexes. */
  private static Event decode(
      Contract contract,
      ProtobufSchema writer,
      Descriptor message,
      String text,
      boolean confluent,
      int... indexes)
      throws Exception {
    DynamicMessage.Builder written = DynamicMessage.newBuilder(message);
    TextFormat.merge(text, written);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (confluent) {
      out.write(new byte[5]);
      for (int each : indexes) {
        out.write(each);
      }
    }
    out.write(written.build().toByteArray());
    Schemas schemas = new Schemas(SchemaText.of(SchemaText.PROTOBUF, writer.content()));
    byte[] id = ByteBuffer.allocate(8).putLong(1).array();
    Map<String, byte[]> headers =
        Map.of(
            "apicurio.value.globalId",
            id,
            "apicurio.value.encoding",
            "BINARY".getBytes(StandardCharsets.UTF_8));
    return ProtobufFormat.of(contract)
        .framedBy(confluent ? Framing.CONFLUENT : Framing.HEADERS, schemas)
        .open()
        .decode(new RawRecord(Origin.NONE, 0, null, out.toByteArray(), headers));
  }
}
