package dev.millrace.transforms.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.AvroKeys;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.lookup.Answer.Invalid;
import dev.millrace.transforms.registry.SchemaText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
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

/** A topic of customers as two schemas write them, and the table of it. */
final class CustomerTopic {

  static final Contract CUSTOMER =
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

  static final LookupColumns COLUMNS =
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
  static final Schema FIRST =
      schema(
          "{\"name\": \"limit\", \"type\": \"int\"}, {\"name\": \"segment\", \"type\": \"string\"}");

  static final Schema SECOND =
      schema(
          """
          {"name": "segment", "type": "string"}, {"name": "limit", "type": "double"},
          {"name": "tier", "type": {"type": "enum", "name": "Tier", "symbols": ["BASIC", "PLUS"]}},
          {"name": "since", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "branch", "type": {"type": "record", "name": "Branch", "fields": [
            {"name": "number", "type": "int"}, {"name": "opened", "type": {"type": "int", "logicalType": "date"}}]}}
          """);

  static final Object NEVER = Instant.ofEpochMilli(0);

  final FakeSchemas schemas = new FakeSchemas().with(1, FIRST);
  final RecordFormat avro = AvroFormat.of(CUSTOMER).framedBy(schemas);
  final TableRecords table = new TableRecords("customers", 1 << 20);
  final Told told = new Told();

  static final class Told implements TableFeed.Progress {
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

  static Schema schema(String fields) {
    return new Schema.Parser()
        .parse("{\"type\": \"record\", \"name\": \"Customer\", \"fields\": [" + fields + "]}");
  }

  static byte[] framed(int id, Schema schema, Object value) {
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

  static byte[] first(String segment, int limit) {
    return framed(
        1,
        FIRST,
        new GenericRecordBuilder(FIRST).set("segment", segment).set("limit", limit).build());
  }

  static byte[] second(String segment, double limit) {
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

  TopicRecords records(@Nullable RecordFormat format, @Nullable AvroKeys keys) {
    return new TopicRecords("topic", TopicValues.of(format, COLUMNS), keys);
  }

  static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] key, byte @Nullable [] value) {
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

  void take(TopicRecords records, String key, byte @Nullable [] value) throws Exception {
    records.take(record(key.getBytes(UTF_8), value), table, told);
  }

  /** The columns that a key gives an event. */
  List<Object> found(String key) {
    List<Object> values = AnswerReaderTest.row(COLUMNS, answer(key)).getValues();
    return values.subList(1, values.size());
  }

  Answer answer(String key) {
    Answer answer = table.get(key);
    if (answer == null) {
      throw new AssertionError("no record of " + key);
    }
    return answer;
  }

  String problem(String key) {
    return ((Invalid) answer(key)).problem();
  }
}
