package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.avro;
import static dev.millrace.transforms.decode.Transactions.join;
import static dev.millrace.transforms.decode.Transactions.raw;
import static dev.millrace.transforms.decode.Transactions.record;
import static dev.millrace.transforms.decode.Transactions.schema;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import dev.millrace.transforms.registry.SchemaText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResolutionTest {

  private static final String ID_AND_TIME =
      """
      {"name": "id", "type": "string"},
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}
      """;

  private static Schema with(String... fields) {
    return schema(ID_AND_TIME + Stream.of(fields).map(f -> "," + f).reduce("", String::concat));
  }

  private static String field(String name, String type) {
    return "{\"name\": \"%s\", \"type\": %s}".formatted(name, type);
  }

  private static List<Mismatch> mismatches(Schema contract, Schema writer) {
    return Resolution.of(Contract.of(contract, "id", "at"), SchemaText.of(writer));
  }

  @Test
  void everything_that_is_wrong_is_named_and_not_only_the_first() {
    Schema contract =
        with(
            field("amount", "\"double\""),
            field("city", "\"string\""),
            field("note", "[\"null\", \"string\"]"),
            field("channel", "{\"type\": \"enum\", \"name\": \"C\", \"symbols\": [\"A\"]}"));
    Schema writer =
        with(
            field("amount", "[\"null\", \"double\"]"),
            field("note", "[\"null\", \"string\", \"int\"]"),
            field("channel", "{\"type\": \"enum\", \"name\": \"C\", \"symbols\": [\"A\", \"B\"]}"));
    assertThat(mismatches(contract, writer))
        .containsExactly(
            new Mismatch("amount", "found null among a union of [null, double], expected a double"),
            new Mismatch(
                "note",
                "found int among a union of [null, string, int], expected a string or null"),
            new Mismatch("channel", "found the symbols [B], expected one of [A]"),
            new Mismatch(
                "city",
                "found no such field, expected a string: the contract has no default for it"));
  }

  @Test
  void what_stands_within_records_lists_and_maps_is_named_by_its_path() {
    String merchant = "{\"type\": \"record\", \"name\": \"M\", \"fields\": [%s]}";
    String items = "{\"type\": \"array\", \"items\": %s}";
    String values = "{\"type\": \"map\", \"values\": %s}";
    Schema contract =
        with(
            field("merchant", merchant.formatted(field("country", "\"string\""))),
            field("amounts", items.formatted("\"int\"")),
            field("limits", values.formatted("\"int\"")));
    Schema writer =
        with(
            field("merchant", merchant.formatted(field("land", "\"string\""))),
            field("amounts", items.formatted("\"long\"")),
            field("limits", values.formatted("[\"null\", \"int\"]")));
    assertThat(mismatches(contract, writer))
        .extracting(Mismatch::path)
        .containsExactly("merchant.country", "amounts[]", "limits[]");
  }

  @Test
  void default_alias_and_promotion_are_no_mismatch() {
    Schema contract =
        with(
            "{\"name\": \"currency\", \"type\": \"string\", \"default\": \"EUR\"}",
            "{\"name\": \"amount\", \"type\": \"double\", \"aliases\": [\"value\"]}");
    assertThat(mismatches(contract, with(field("value", "\"int\"")))).isEmpty();
  }

  @Test
  void what_is_no_record_or_no_avro_is_told_of_the_whole() {
    Contract contract = Contract.of(with(), "id", "at");
    assertThat(Resolution.of(contract, SchemaText.of("AVRO", "\"string\"")))
        .containsExactly(new Mismatch("", "found string, expected a record"));
    assertThat(Resolution.of(contract, SchemaText.of("AVRO", "{")))
        .singleElement()
        .satisfies(found -> assertThat(found.problem()).startsWith("not an Avro schema"));
    assertThat(Resolution.of(contract, SchemaText.of("XML", "<a/>")))
        .containsExactly(
            new Mismatch("", "found a schema of type XML, expected AVRO, JSON or PROTOBUF"));
  }

  @Test
  void a_json_schema_is_held_to_all_that_it_allows() {
    Contract contract =
        Contract.of(
            with(
                field("amount", "\"double\""),
                field("city", "\"string\""),
                field("channel", "{\"type\": \"enum\", \"name\": \"C\", \"symbols\": [\"A\"]}"),
                field("counts", "{\"type\": \"array\", \"items\": \"int\"}")),
            "id",
            "at");
    String schema =
        """
        {"type": "object", "required": ["id", "at", "amount", "channel", "counts"], "properties": {
          "id": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
          "amount": {"type": ["number", "null"]}, "city": {"type": "string"},
          "channel": {"enum": ["A", "B"]},
          "counts": {"type": "array", "items": {"type": "string"}}}}
        """;
    assertThat(Resolution.of(contract, SchemaText.of("JSON", schema)))
        .containsExactly(
            new Mismatch("amount", "found null among [number, null], expected a double"),
            new Mismatch(
                "city",
                "found a property that is not required, expected a string: the contract has no default for it"),
            new Mismatch("channel", "found the symbols [B], expected one of [A]"),
            new Mismatch("counts[]", "found string, expected an int"));
    assertThat(Resolution.of(contract, SchemaText.of("JSON", "{\"type\": \"string\"}")))
        .containsExactly(new Mismatch("", "found string, expected an object"));
  }

  @Test
  void a_protobuf_message_is_read_by_its_numbers() {
    String contract =
        """
        syntax = "proto3";
        import "google/protobuf/timestamp.proto";
        message Other { string x = 1; }
        message Payment {
          string id = 1;
          google.protobuf.Timestamp at = 2;
          double amount = 3;
          Shop shop = 4;
          repeated Shop shops = 5;
          map<string, Shop> by_name = 6;
          message Shop { int32 code = 1; }
        }
        """;
    Contract payment =
        Contract.ofMessage(
            ProtobufSchema.of("payment.proto", contract, Map.of()), "Payment", "id", "at");
    SchemaText same = SchemaText.of("PROTOBUF", contract.replace("double amount", "double value"));
    assertThat(Resolution.of(payment, same)).isEmpty();
    SchemaText other =
        SchemaText.of(
            "PROTOBUF",
            contract.replace("double amount", "string amount").replace("int32 code", "bool code"));
    assertThat(Resolution.of(payment, other)).extracting(Mismatch::path).contains("amount");
    assertThat(Resolution.of(payment, SchemaText.of("PROTOBUF", "message {")))
        .singleElement()
        .satisfies(found -> assertThat(found.problem()).startsWith("not a schema in PROTOBUF: "));
  }

  @Test
  void every_pair_of_protobuf_types_is_refused_as_by_the_decoder() {
    int clean = 0;
    for (String contractType : PROTOBUF_TYPES) {
      Contract contract =
          Contract.ofMessage(
              ProtobufSchema.of("c.proto", message(contractType), Map.of()), null, "id", "at");
      EventDraft draft = new EventDraft(contract, Limits.DEFAULT);
      for (String writerType : PROTOBUF_TYPES) {
        SchemaText writer = SchemaText.of("PROTOBUF", message(writerType));
        boolean refused = false;
        try {
          new ProtobufReaders(contract, false).of(writer, draft);
        } catch (UndecodableException e) {
          refused = true;
        }
        List<Mismatch> found = Resolution.of(contract, writer);
        assertThat(!found.isEmpty()).as("%s as %s", writerType, contractType).isEqualTo(refused);
        clean += found.isEmpty() ? 1 : 0;
      }
    }
    assertThat(clean).isEqualTo(PROTOBUF_CLEAN);
  }

  private static final int PROTOBUF_CLEAN = 54;

  private static final List<String> PROTOBUF_TYPES =
      List.of(
          "bool",
          "int32",
          "uint64",
          "sint64",
          "float",
          "double",
          "string",
          "bytes",
          "E",
          "M",
          "google.protobuf.Timestamp",
          "repeated int32",
          "repeated M",
          "map<string, int32>",
          "map<string, M>");

  private static String message(String type) {
    return """
        syntax = "proto3";
        import "google/protobuf/timestamp.proto";
        message R {
          string id = 1;
          google.protobuf.Timestamp at = 2;
          %s f = 3;
          enum E { A = 0; }
          message M { int32 code = 1; }
        }
        """
        .formatted(type);
  }

  /** The decoder is the judge: none of a kind of value is refused exactly when nothing is named. */
  @Test
  void every_pair_of_types_is_judged_as_the_decoder_does() throws Exception {
    int clean = 0;
    for (String contractType : shapes()) {
      for (String writerType : shapes()) {
        Schema contract = with(field("f", contractType));
        Schema writer = with(field("f", writerType));
        boolean refused = false;
        for (Object value : values(writer.getField("f").schema())) {
          refused |= isRefused(contract, writer, value);
        }
        List<Mismatch> found = mismatches(contract, writer);
        assertThat(!found.isEmpty()).as("%s as %s", writerType, contractType).isEqualTo(refused);
        clean += found.isEmpty() ? 1 : 0;
      }
    }
    assertThat(clean).isEqualTo(CLEAN);
  }

  private static final int CLEAN = 105;

  private static boolean isRefused(Schema contract, Schema writer, @Nullable Object value) {
    GenericRecord record = record(writer, Map.of("id", "a", "at", NOON));
    record.put("f", value);
    RecordFormat format =
        AvroFormat.of(Contract.of(contract, "id", "at"))
            .framedBy(new KnownSchemas(Map.of(0, writer.toString())));
    try {
      format.open().decode(raw(join(AvroFrame.confluent(0), avro(record))));
      return false;
    } catch (UndecodableException e) {
      return true;
    }
  }

  private static List<String> shapes() {
    return Stream.of(
            "\"boolean\"",
            "\"int\"",
            "\"long\"",
            "\"float\"",
            "\"double\"",
            "\"string\"",
            "\"bytes\"",
            "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\"]}",
            "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"B\"]}",
            "{\"type\": \"fixed\", \"name\": \"F\", \"size\": 2}",
            "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}",
            "{\"type\": \"int\", \"logicalType\": \"date\"}",
            "{\"type\": \"array\", \"items\": \"int\"}",
            "{\"type\": \"map\", \"values\": \"int\"}")
        .flatMap(type -> Stream.of(type, "[\"null\", " + type + "]"))
        .toList();
  }

  /** One value of each branch, each symbol of an enum. */
  private static List<@Nullable Object> values(Schema type) {
    List<@Nullable Object> values = new ArrayList<>();
    switch (type.getType()) {
      case UNION -> type.getTypes().forEach(branch -> values.addAll(values(branch)));
      case NULL -> values.add(null);
      case BOOLEAN -> values.add(true);
      case INT -> values.add(7);
      case LONG -> values.add(7L);
      case FLOAT -> values.add(7f);
      case DOUBLE -> values.add(7.0);
      // A symbol, since a text may be one.
      case STRING -> values.add("A");
      case BYTES -> values.add(ByteBuffer.wrap(new byte[] {'A'}));
      case ENUM ->
          type.getEnumSymbols()
              .forEach(symbol -> values.add(new GenericData.EnumSymbol(type, symbol)));
      case FIXED -> values.add(new GenericData.Fixed(type, new byte[] {'A', 'A'}));
      case ARRAY -> values.add(List.of(7));
      case MAP -> values.add(Map.of("a", 7));
      default -> throw new IllegalStateException("no sample of " + type);
    }
    return values;
  }
}
