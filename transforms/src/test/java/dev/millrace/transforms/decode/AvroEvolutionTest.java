package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.assertRefused;
import static dev.millrace.transforms.decode.Transactions.avro;
import static dev.millrace.transforms.decode.Transactions.join;
import static dev.millrace.transforms.decode.Transactions.raw;
import static dev.millrace.transforms.decode.Transactions.record;
import static dev.millrace.transforms.decode.Transactions.schema;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AvroEvolutionTest {

  private static final String ID_AND_TIME =
      """
      {"name": "id", "type": "string"},
      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}
      """;

  private static RecordFormat format(Schema contract, Schema... writers) {
    Map<Integer, String> schemas = new HashMap<>();
    for (int i = 0; i < writers.length; i++) {
      schemas.put(i, writers[i].toString());
    }
    return AvroFormat.of(Contract.of(contract, "id", "at")).framedBy(new KnownSchemas(schemas));
  }

  private static byte[] framed(int id, GenericRecord record) {
    return join(AvroFrame.confluent(id), avro(record));
  }

  private static Schema with(String field) {
    return schema(ID_AND_TIME + "," + field);
  }

  /** The value that one field has when {@code written} was written by another schema. */
  private static @Nullable Object read(
      String contractField, String writerField, @Nullable Object written) throws Exception {
    Schema writer = with(writerField);
    GenericRecord record = record(writer, Map.of("id", "a", "at", NOON));
    record.put(2, written);
    Event event = format(with(contractField), writer).open().decode(raw(framed(0, record)));
    return Transactions.value(event.layout().columns().get(2), event);
  }

  private static void assertIncompatible(
      String contractField, String writerField, @Nullable Object written, String message) {
    Schema writer = with(writerField);
    GenericRecord record = record(writer, Map.of("id", "a", "at", NOON));
    record.put(2, written);
    assertRefused(
        format(with(contractField), writer),
        framed(0, record),
        Reason.INCOMPATIBLE_SCHEMA,
        message);
  }

  @Test
  void field_added_to_the_contract_takes_its_default() throws Exception {
    Schema contract =
        schema(
            ID_AND_TIME
                + """
                , {"name": "amount", "type": "double", "default": 1.5},
                {"name": "currency", "type": "string", "default": "EUR"},
                {"name": "terminal", "type": ["null", "int"], "default": null}
                """);
    Schema writer = schema(ID_AND_TIME);
    Event event =
        format(contract, writer)
            .open()
            .decode(raw(framed(0, record(writer, Map.of("id", "a", "at", NOON)))));
    assertThat(event.toRow().getValues())
        .isEqualTo(Arrays.asList("a", Instant.ofEpochMilli(NOON), 1.5, "EUR", null));
  }

  @Test
  void field_the_contract_does_not_know_is_skipped_however_nested() throws Exception {
    Schema writer =
        schema(
            """
            {"name": "items", "type": {"type": "array", "items":
              {"type": "record", "name": "Item", "fields": [
                {"name": "next", "type": ["null", "Item"]},
                {"name": "tags", "type": {"type": "map", "values": "string"}}]}}},
            """
                + ID_AND_TIME
                + """
                , {"name": "print", "type": {"type": "fixed", "name": "Print", "size": 4}}
                """);
    Schema item = writer.getField("items").schema().getElementType();
    GenericRecord inner = record(item, Map.of("tags", Map.of("a", "b")));
    GenericRecord outer = record(item, Map.of("next", inner, "tags", Map.of()));
    GenericRecord record =
        record(
            writer,
            Map.of(
                "items",
                List.of(outer, inner),
                "id",
                "a",
                "at",
                NOON,
                "print",
                new GenericData.Fixed(writer.getField("print").schema(), new byte[4])));
    RecordDecoder decoder = format(schema(ID_AND_TIME), writer).open();
    assertThat(decoder.decode(raw(framed(0, record))).id()).isEqualTo("a");
  }

  @Test
  void block_of_endless_items_without_bytes_is_refused() {
    Schema writer =
        schema(
            "{\"name\": \"n\", \"type\": {\"type\": \"array\", \"items\": \"null\"}},"
                + ID_AND_TIME);
    byte[] endless = {(byte) 0xfe, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertRefused(
        format(schema(ID_AND_TIME), writer),
        join(AvroFrame.confluent(0), endless),
        Reason.TOO_LARGE,
        "found more than 100000 items");
  }

  @Test
  void fields_in_another_order_are_read_by_name() throws Exception {
    Schema writer =
        schema(
            "{\"name\": \"amount\", \"type\": \"double\"},{\"name\": \"at\", \"type\": \"long\"},{\"name\": \"id\", \"type\": \"string\"}");
    GenericRecord record = record(writer, Map.of("id", "a", "at", NOON, "amount", 2.5));
    Event event =
        format(with("{\"name\": \"amount\", \"type\": \"double\"}"), writer)
            .open()
            .decode(raw(framed(0, record)));
    assertThat(event.toRow().getValues()).isEqualTo(List.of("a", Instant.ofEpochMilli(NOON), 2.5));
  }

  @Test
  void numbers_and_texts_are_promoted() throws Exception {
    assertThat(read(f("\"long\""), f("\"int\""), 7)).isEqualTo(7L);
    assertThat(read(f("\"float\""), f("\"int\""), 7)).isEqualTo(7f);
    assertThat(read(f("\"float\""), f("\"long\""), 7L)).isEqualTo(7f);
    assertThat(read(f("\"double\""), f("\"int\""), 7)).isEqualTo(7.0);
    assertThat(read(f("\"double\""), f("\"long\""), 7L)).isEqualTo(7.0);
    assertThat(read(f("\"double\""), f("\"float\""), 0.5f)).isEqualTo(0.5);
    assertThat(read(f("\"string\""), f("\"bytes\""), ByteBuffer.wrap(new byte[] {'x'})))
        .isEqualTo("x");
    assertThat(read(f("\"bytes\""), f("\"string\""), "x")).isEqualTo(new byte[] {'x'});
  }

  private static String f(String type) {
    return "{\"name\": \"f\", \"type\": " + type + "}";
  }

  @Test
  void nullable_fields_are_read_whatever_the_order_of_their_union() throws Exception {
    String nullFirst = f("[\"null\", \"double\"]");
    String nullLast = f("[\"double\", \"null\"]");
    for (String contract : List.of(nullFirst, nullLast)) {
      for (String writer : List.of(nullFirst, nullLast)) {
        assertThat(read(contract, writer, 2.5)).isEqualTo(2.5);
        assertThat(read(contract, writer, null)).isNull();
      }
      assertThat(read(contract, f("\"int\""), 2)).isEqualTo(2.0);
    }
    assertThat(read(f("\"double\""), nullFirst, 2.5)).isEqualTo(2.5);
    assertIncompatible(f("\"double\""), nullFirst, null, "field 'f':");
  }

  @Test
  void alias_reads_a_renamed_field_whatever_the_writer_calls_its_record() throws Exception {
    Schema writer =
        new Schema.Parser()
            .parse(
                "{\"type\": \"record\", \"name\": \"Payment\", \"fields\": [{\"name\": \"tx\", \"type\": \"string\"}, {\"name\": \"when\", \"type\": \"long\"}]}");
    Schema contract =
        schema(
            "{\"name\": \"id\", \"type\": \"string\", \"aliases\": [\"tx\"]}, {\"name\": \"at\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}, \"aliases\": [\"time\", \"when\"]}");
    Event event =
        format(contract, writer)
            .open()
            .decode(raw(framed(0, record(writer, Map.of("tx", "a", "when", NOON)))));
    assertThat(event.id()).isEqualTo("a");
    assertThat(event.time()).isEqualTo(NOON);
  }

  @Test
  void enum_symbol_the_contract_does_not_know_takes_its_default_or_is_refused() throws Exception {
    String two = f("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"B\"]}");
    String twoOrA =
        f("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"B\"], \"default\": \"A\"}");
    String three = f("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"C\", \"B\", \"A\"]}");
    Schema written = with(three).getField("f").schema();
    assertThat(read(two, three, new GenericData.EnumSymbol(written, "B"))).isEqualTo("B");
    assertThat(read(twoOrA, three, new GenericData.EnumSymbol(written, "C"))).isEqualTo("A");
    assertIncompatible(two, three, new GenericData.EnumSymbol(written, "C"), "field 'f':");
  }

  @Test
  void incompatible_writers_are_refused_naming_the_field() {
    assertIncompatible(
        f("\"int\""),
        f("\"long\""),
        7L,
        "schema id 0: field 'f': found long in the writer's schema, expected an int");
    assertIncompatible(f("\"double\""), f("\"string\""), "7", "field 'f': found string");
    assertIncompatible(
        "{\"name\": \"amount\", \"type\": \"double\"}",
        f("\"double\""),
        7.0,
        "field 'amount': found none in the writer's schema, expected a double");
    assertIncompatible(
        f("{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}"),
        f("{\"type\": \"long\", \"logicalType\": \"time-micros\"}"),
        NOON * 1000,
        "field 'f': found time-micros in the writer's schema, expected a timestamp");
  }

  @Test
  void time_in_another_unit_keeps_its_moment() throws Exception {
    String millis = f("{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}");
    String micros = f("{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}");
    assertThat(read(millis, micros, -1L)).isEqualTo(Instant.ofEpochMilli(-1));
    assertThat(read(micros, millis, 7L)).isEqualTo(java.time.Instant.ofEpochMilli(7));
    assertThat(read(micros, micros, 7L))
        .isEqualTo(java.time.Instant.EPOCH.plus(7, ChronoUnit.MICROS));
  }

  @Test
  void decimal_of_another_scale_keeps_its_value_or_is_refused() throws Exception {
    String two = decimal("\"bytes\"", 6, 2);
    String four = decimal("\"bytes\"", 9, 4);
    String fixed = decimal("\"fixed\", \"name\": \"F\", \"size\": 5", 6, 2);
    byte[] unscaled = {-1, 56}; // -200
    assertThat(read(two, two, ByteBuffer.wrap(unscaled))).isEqualTo(new BigDecimal("-2.00"));
    assertThat(read(four, two, ByteBuffer.wrap(unscaled))).isEqualTo(new BigDecimal("-2.0000"));
    assertThat(read(two, four, ByteBuffer.wrap(unscaled))).isEqualTo(new BigDecimal("-0.02"));
    Schema type = with(fixed).getField("f").schema();
    assertThat(read(two, fixed, new GenericData.Fixed(type, new byte[] {-1, -1, -1, -1, 56})))
        .isEqualTo(new BigDecimal("-2.00"));
    assertThat(read(two, two, ByteBuffer.wrap(new byte[0]))).isEqualTo(new BigDecimal("0.00"));
  }

  private static String decimal(String type, int precision, int scale) {
    return f(
        "{\"type\": %s, \"logicalType\": \"decimal\", \"precision\": %d, \"scale\": %d}"
            .formatted(type, precision, scale));
  }

  @Test
  void schema_that_is_no_avro_record_is_incompatible() {
    Contract contract = Contract.of(schema(ID_AND_TIME), "id", "at");
    for (String text :
        List.of("\"string\"", "{", "{\"type\": \"record\", \"name\": \"a b\", \"fields\": [{}]}")) {
      assertRefused(
          AvroFormat.of(contract).framedBy(new KnownSchemas(Map.of(1, text))),
          join(AvroFrame.confluent(1), new byte[] {0}),
          Reason.INCOMPATIBLE_SCHEMA,
          "schema id 1: ");
    }
  }

  @Test
  void many_schemas_in_one_stream_are_each_read_by_their_own() throws Exception {
    Schema first = with(f("\"int\""));
    Schema second = schema(f("\"double\"") + "," + ID_AND_TIME);
    RecordDecoder decoder = format(with(f("\"double\"")), first, second).open();
    for (int i = 0; i < 10; i++) {
      Schema writer = i % 2 == 0 ? first : second;
      Object written = i % 2 == 0 ? (Object) i : (Object) (double) i;
      GenericRecord record = record(writer, Map.of("id", "a", "at", NOON, "f", written));
      Event event = decoder.decode(raw(framed(i % 2, record)));
      assertThat(event.toRow().<Double>getValue("f")).isEqualTo(i);
    }
  }

  @Test
  void every_pair_of_types_is_read_or_refused_as_avro_itself_does() throws Exception {
    Random random = new Random(7);
    String[] types = {"boolean", "int", "long", "float", "double", "string", "bytes"};
    int read = 0;
    for (String contractType : shapes(types)) {
      for (String writerType : shapes(types)) {
        Schema contract = with(f(contractType));
        Schema writer = with(f(writerType));
        GenericRecord record = record(writer, Map.of("id", "a", "at", NOON));
        Schema written = writer.getField("f").schema();
        record.put("f", value(written, random));
        Object expected = byAvro(record, contract);
        Object found;
        try {
          RecordDecoder decoder = format(contract, writer).open();
          Event event = decoder.decode(raw(framed(0, record)));
          found = event.toRow().getValue("f");
          read++;
        } catch (UndecodableException e) {
          assertThat(e.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
          found = REFUSED;
        }
        assertThat(found).as("%s as %s", writerType, contractType).isEqualTo(expected);
      }
    }
    assertThat(read).isEqualTo(191);
  }

  private static final Object REFUSED = "refused";

  private static List<String> shapes(String[] types) {
    return Stream.of(types)
        .map(type -> "\"" + type + "\"")
        .flatMap(type -> Stream.of(type, "[\"null\", " + type + "]", "[" + type + ", \"null\"]"))
        .toList();
  }

  private static @Nullable Object value(Schema type, Random random) {
    return switch (type.getType()) {
      case UNION -> value(type.getTypes().get(random.nextInt(2)), random);
      case NULL -> null;
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case STRING -> "text" + random.nextInt();
      default -> ByteBuffer.wrap(("bytes" + random.nextInt()).getBytes(UTF_8));
    };
  }

  private static @Nullable Object byAvro(GenericRecord record, Schema contract) throws IOException {
    try {
      GenericDatumReader<GenericRecord> reader =
          new GenericDatumReader<>(record.getSchema(), contract);
      Object value =
          reader.read(null, DecoderFactory.get().binaryDecoder(avro(record), null)).get("f");
      if (value instanceof ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
      }
      return value instanceof CharSequence ? value.toString() : value;
    } catch (AvroTypeException e) {
      return REFUSED;
    }
  }

  @Test
  void values_nested_without_end_are_refused() {
    Schema writer =
        schema(
            """
            {"name": "n", "type": {"type": "record", "name": "N", "fields": [
              {"name": "next", "type": ["null", "N"]}]}},
            """
                + ID_AND_TIME);
    byte[] deep = new byte[500_000];
    Arrays.fill(deep, (byte) 2);
    assertRefused(
        format(schema(ID_AND_TIME), writer),
        join(AvroFrame.confluent(0), deep),
        Reason.TOO_LARGE,
        "found values nested deeper than 64 levels");
  }
}
