package dev.millrace.transforms.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.AvroKeys;
import dev.millrace.transforms.decode.Framing;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.ProtobufFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.lookup.Answer.Invalid;
import dev.millrace.transforms.registry.SchemaText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What records of a topic do to its table, whatever their values and keys are written in. */
class TopicRecordsTest {

  private static final Contract CUSTOMER =
      Contract.of(
          SchemaText.of(
              SchemaText.AVRO,
              """
              {"type": "record", "name": "Customer", "fields": [
                {"name": "segment", "type": "string"},
                {"name": "limit", "type": "double"},
                {"name": "tier", "type": {"type": "enum", "name": "Tier", "symbols": ["BASIC", "PLUS"]}, "default": "BASIC"},
                {"name": "since", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}], "default": null},
                {"name": "branch", "type": ["null", {"type": "record", "name": "Branch", "fields": [
                  {"name": "number", "type": "int"},
                  {"name": "opened", "type": {"type": "int", "logicalType": "date"}}]}], "default": null}]}
              """));

  private static final LookupColumns COLUMNS =
      new LookupColumns(
          List.of(
              LookupColumn.of("segment", LookupType.STRING, "segment"),
              LookupColumn.of("credit", LookupType.DOUBLE, "limit"),
              LookupColumn.of("tier", LookupType.STRING, "tier"),
              LookupColumn.of("since", LookupType.TIMESTAMP, "since")
                  .withDefault("1970-01-01T00:00:00Z"),
              LookupColumn.of("branch", LookupType.INT, "branch.number").withDefault("-1"),
              LookupColumn.of("opened", LookupType.TIMESTAMP, "branch.opened")
                  .withDefault("1970-01-01T00:00:00Z")),
          null);

  /** Before the tier, and with whole limits. */
  private static final Schema FIRST =
      schema(
          "{\"name\": \"limit\", \"type\": \"int\"}, {\"name\": \"segment\", \"type\": \"string\"}");

  private static final Schema SECOND =
      schema(
          """
          {"name": "segment", "type": "string"}, {"name": "limit", "type": "double"},
          {"name": "tier", "type": {"type": "enum", "name": "Tier", "symbols": ["BASIC", "PLUS"]}},
          {"name": "since", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "branch", "type": {"type": "record", "name": "Branch", "fields": [
            {"name": "number", "type": "int"}, {"name": "opened", "type": {"type": "int", "logicalType": "date"}}]}}
          """);

  private static final Object NEVER = Instant.ofEpochMilli(0);

  private final FakeSchemas schemas = new FakeSchemas().with(1, FIRST);
  private final RecordFormat avro = AvroFormat.of(CUSTOMER).framedBy(schemas);
  private final TableRecords table = new TableRecords("customers", 1 << 20);
  private final Told told = new Told();

  private static final class Told implements TableFeed.Progress {
    final List<String> away = Collections.synchronizedList(new ArrayList<>());
    final List<String> refused = new ArrayList<>();
    final AtomicInteger heard = new AtomicInteger();

    @Override
    public void heard() {
      heard.incrementAndGet();
    }

    @Override
    public void read(long records, String of) {}

    @Override
    public void away(String found) {
      away.add(found);
    }

    @Override
    public void refused(String found) {
      refused.add(found);
    }
  }

  private static Schema schema(String fields) {
    return new Schema.Parser()
        .parse("{\"type\": \"record\", \"name\": \"Customer\", \"fields\": [" + fields + "]}");
  }

  private static byte[] framed(int id, Schema schema, Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(AvroFrame.confluent(id));
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<>(schema).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static byte[] first(String segment, int limit) {
    return framed(
        1,
        FIRST,
        new GenericRecordBuilder(FIRST).set("segment", segment).set("limit", limit).build());
  }

  private static byte[] second(String segment, double limit) {
    Schema branch = SECOND.getField("branch").schema();
    return framed(
        2,
        SECOND,
        new GenericRecordBuilder(SECOND)
            .set("segment", segment)
            .set("limit", limit)
            .set("tier", new GenericData.EnumSymbol(SECOND.getField("tier").schema(), "PLUS"))
            .set("since", 1_700_000_000_123L)
            .set(
                "branch",
                new GenericRecordBuilder(branch).set("number", 17).set("opened", 20_000).build())
            .build());
  }

  private TopicRecords records(@Nullable RecordFormat format, @Nullable AvroKeys keys) {
    return new TopicRecords("topic", TopicValues.of(format, COLUMNS), keys);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      byte @Nullable [] key, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        "topic",
        3,
        5,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  private void take(TopicRecords records, String key, byte @Nullable [] value) throws Exception {
    records.take(record(key.getBytes(UTF_8), value), table, told);
  }

  /** The columns that a key gives an event. */
  private List<Object> found(String key) {
    List<Object> values = AnswerReaderTest.row(COLUMNS, answer(key)).getValues();
    return values.subList(1, values.size());
  }

  private Answer answer(String key) {
    Answer answer = table.get(key);
    if (answer == null) {
      throw new AssertionError("no record of " + key);
    }
    return answer;
  }

  @Test
  void value_is_read_by_the_schema_that_wrote_it_and_a_new_one_needs_no_restart() throws Exception {
    TopicRecords records = records(avro, null);
    take(records, "a", first("GOLD", 100));
    assertThat(found("a")).containsExactly("GOLD", 100.0, "BASIC", NEVER, -1L, NEVER);
    schemas.with(2, SECOND);
    take(records, "a", second("GOLD", 100.5));
    take(records, "b", first("BASE", 7));
    assertThat(found("a"))
        .containsExactly(
            "GOLD",
            100.5,
            "PLUS",
            Instant.ofEpochMilli(1_700_000_000_123L),
            17L,
            Instant.ofEpochMilli(20_000 * 86_400_000L));
    assertThat(found("b")).containsExactly("BASE", 7.0, "BASIC", NEVER, -1L, NEVER);
    assertThat(told.away).isEmpty();
  }

  @Test
  void tombstone_removes_a_key_and_a_record_without_one_is_passed_over() throws Exception {
    TopicRecords records = records(avro, null);
    take(records, "a", first("GOLD", 100));
    records.take(record(null, first("BASE", 1)), table, told);
    assertThat(table.size()).isEqualTo(1);
    take(records, "a", null);
    assertThat(table.size()).isZero();
  }

  @Test
  void bad_value_is_its_keys_trouble_until_the_next_one_comes() throws Exception {
    TopicRecords records = records(avro, null);
    byte[] good = first("GOLD", 100);
    take(records, "cut", Arrays.copyOf(good, good.length - 1));
    take(records, "text", "{\"segment\": \"GOLD\"}".getBytes(UTF_8));
    take(records, "empty", new byte[0]);
    take(
        records,
        "unknown",
        framed(
            9, FIRST, new GenericRecordBuilder(FIRST).set("segment", "S").set("limit", 1).build()));
    take(records, "b", good);
    assertThat(problem("cut")).contains("field 'segment'");
    assertThat(problem("text"))
        .isEqualTo(
            "payload: found first byte 0x7b and 19 bytes, expected 0x00, the schema's id in 4 bytes, and a record");
    assertThat(problem("empty")).isEqualTo("payload: found no bytes, expected a record");
    assertThat(problem("unknown"))
        .isEqualTo("payload: found schema id 9, expected one that fake registry knows");
    assertThat(found("b")).startsWith("GOLD");
    take(records, "cut", good);
    assertThat(found("cut")).startsWith("GOLD");
    assertThat(told.refused).isEmpty();
  }

  private String problem(String key) {
    return ((Invalid) answer(key)).problem();
  }

  @Test
  void table_stands_still_while_a_schema_cannot_be_had_and_serves_what_was_there()
      throws Exception {
    schemas.with(2, SECOND);
    TopicRecords records = records(avro, null);
    take(records, "a", first("GOLD", 100));
    schemas.away = true;
    Thread feeding =
        new Thread(
            () -> {
              try {
                take(records, "a", second("GOLD", 100.5));
                take(records, "b", first("BASE", 7));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    feeding.start();
    while (schemas.refusals.get() < 3) {
      Thread.onSpinWait();
    }
    assertThat(found("a")).startsWith("GOLD", 100.0);
    assertThat(table.get("b")).isNull();
    assertThat(told.away).containsExactly("topic: found schema id 2: fake registry: no answer");
    assertThat(told.heard.get()).isZero();
    schemas.away = false;
    feeding.join();
    assertThat(told.heard.get()).isEqualTo(1);
    assertThat(found("a")).startsWith("GOLD", 100.5);
    assertThat(found("b")).startsWith("BASE", 7.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"string\" | a | a",
        "\"long\" | 9000000000 | 9000000000",
        "\"int\" | -7 | -7",
        "{\"type\": \"record\", \"name\": \"Key\", \"fields\": [{\"name\": \"id\", \"type\": \"long\"}]} | 7 | 7",
        "{\"type\": \"record\", \"name\": \"Key\", \"fields\": [{\"name\": \"id\", \"type\": [\"null\", \"string\"]}]} | a | a"
      })
  void key_in_avro_is_the_text_of_its_only_value(String schema, String value, String key)
      throws Exception {
    Schema written = new Schema.Parser().parse(schema);
    schemas.with(4, written);
    TopicRecords records = records(avro, new AvroKeys(Framing.CONFLUENT, schemas));
    records.take(record(key(written, value), first("GOLD", 1)), table, told);
    assertThat(found(key)).startsWith("GOLD");
    records.take(record(key(written, value), null), table, told);
    assertThat(table.size()).isZero();
  }

  private static byte[] key(Schema schema, String value) {
    if (schema.getType() == Schema.Type.RECORD) {
      Schema.Field field = schema.getFields().get(0);
      Object id = field.schema().isUnion() ? value : Long.valueOf(value);
      return framed(4, schema, new GenericRecordBuilder(schema).set(field, id).build());
    }
    return switch (schema.getType()) {
      case STRING -> framed(4, schema, value);
      case INT -> framed(4, schema, Integer.valueOf(value));
      default -> framed(4, schema, Long.valueOf(value));
    };
  }

  @Test
  void key_that_is_none_is_refused_and_those_behind_it_are_taken() throws Exception {
    Schema two =
        schema("{\"name\": \"a\", \"type\": \"int\"}, {\"name\": \"b\", \"type\": \"int\"}");
    Schema flag = Schema.create(Schema.Type.BOOLEAN);
    Schema text = Schema.create(Schema.Type.STRING);
    schemas.with(4, text).with(5, two).with(6, flag);
    TopicRecords records = records(avro, new AvroKeys(Framing.CONFLUENT, schemas));
    byte[] value = first("GOLD", 1);
    for (byte[] key :
        new byte[][] {
          "a".getBytes(UTF_8),
          {},
          framed(9, text, "a"),
          framed(5, two, new GenericRecordBuilder(two).set("a", 1).set("b", 2).build()),
          framed(6, flag, true),
          ByteBuffer.allocate(7).put(framed(4, text, "")).array(),
          // A length of 2^31-1, of which nothing is there.
          {0, 0, 0, 0, 4, -2, -1, -1, -1, 15},
          framed(4, text, "b")
        }) {
      records.take(record(key, value), table, told);
    }
    assertThat(found("b")).startsWith("GOLD");
    assertThat(table.size()).isEqualTo(1);
    assertThat(told.refused)
        .containsExactly(
            "topic/3@5: payload: found first byte 0x61 and 1 bytes, expected 0x00, the schema's id in 4 bytes, and a record",
            "topic/3@5: payload: found no bytes, expected a record",
            "topic/3@5: payload: found schema id 9, expected one that fake registry knows",
            "topic/3@5: key: found a record of 2 fields, expected a string, an int or a long, or a record of one of these",
            "topic/3@5: key: found type BOOLEAN, expected a string, an int or a long, or a record of one of these",
            "topic/3@5: key: found 1 bytes behind it, expected none",
            "topic/3@5: key: found a length of 2147483647, expected at most the 0 bytes left");
  }

  @Test
  void schemas_may_be_named_in_headers_of_key_and_value() throws Exception {
    Schema text = Schema.create(Schema.Type.STRING);
    schemas.with(4, text);
    TopicRecords records =
        records(
            AvroFormat.of(CUSTOMER).framedBy(Framing.HEADERS, schemas),
            new AvroKeys(Framing.HEADERS, schemas));
    byte[] key = framed(4, text, "a");
    byte[] value = first("GOLD", 1);
    ConsumerRecord<byte[], byte[]> record =
        record(
            Arrays.copyOfRange(key, AvroFrame.CONFLUENT_LENGTH, key.length),
            Arrays.copyOfRange(value, AvroFrame.CONFLUENT_LENGTH, value.length));
    record.headers().add("apicurio.key.globalId", ByteBuffer.allocate(8).putLong(4).array());
    record.headers().add("apicurio.value.globalId", ByteBuffer.allocate(8).putLong(1).array());
    records.take(record, table, told);
    assertThat(found("a")).startsWith("GOLD", 1.0);
  }

  @Test
  void protobuf_and_json_are_read_by_a_contract_too() throws Exception {
    String proto =
        """
        syntax = "proto3";
        message Customer { string segment = 1; double limit = 2; }
        """;
    LookupColumns columns =
        new LookupColumns(
            List.of(
                LookupColumn.of("segment", LookupType.STRING, "segment"),
                LookupColumn.of("credit", LookupType.DOUBLE, "limit")),
            null);
    RecordFormat protobuf =
        ProtobufFormat.of(Contract.of(SchemaText.of(SchemaText.PROTOBUF, proto)));
    RecordFormat json =
        JsonFormat.of(
            Contract.of(
                SchemaText.of(
                    SchemaText.JSON,
                    """
                    {"type": "object", "title": "Customer", "required": ["segment"],
                     "properties": {"segment": {"type": "string", "aliases": ["class"]},
                       "limit": {"type": "number", "default": 5.0}}}
                    """)));
    byte[] message = {10, 4, 'G', 'O', 'L', 'D', 17, 0, 0, 0, 0, 0, 0, -16, 63};
    take(new TopicRecords("topic", TopicValues.of(protobuf, columns), null), "p", message);
    take(
        new TopicRecords("topic", TopicValues.of(json, columns), null),
        "j",
        "{\"class\": \"BASE\"}".getBytes(UTF_8));
    assertThat(AnswerReaderTest.row(columns, answer("p")).getValues())
        .containsExactly("e1", "GOLD", 1.0);
    assertThat(AnswerReaderTest.row(columns, answer("j")).getValues())
        .containsExactly("e1", "BASE", 5.0);
  }

  @Test
  void values_without_a_format_are_json_objects_as_they_are() throws Exception {
    take(
        records(null, null),
        "a",
        "{\"segment\": \"GOLD\", \"limit\": 1, \"tier\": \"PLUS\"}".getBytes(UTF_8));
    assertThat(found("a")).containsExactly("GOLD", 1.0, "PLUS", NEVER, -1L, NEVER);
  }
}
