package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.ingest.RawRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Card payments as decoding tests need them. */
public final class Transactions {

  static final long NOON = 1_522_584_000_000L;
  static final Origin ORIGIN = new Origin("kafka", "card.transactions", 2, 17);

  /** Every type that a contract may have. */
  public static final Schema SCHEMA =
      schema(
          """
          {"name": "id", "type": "string"},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}, "aliases": ["occurred_at"]},
          {"name": "amount", "type": "double", "aliases": ["TX_AMOUNT"]},
          {"name": "currency", "type": "string", "default": "EUR"},
          {"name": "channel", "type": {"type": "enum", "name": "Channel", "symbols": ["CHIP", "WEB"]}, "default": "CHIP"},
          {"name": "terminal", "type": ["null", "int"], "default": null},
          {"name": "customer", "type": "long", "default": 0},
          {"name": "score", "type": ["float", "null"], "default": 0.5},
          {"name": "fraud", "type": "boolean", "default": false},
          {"name": "raw", "type": "bytes", "default": ""}
          """);

  public static final Contract CONTRACT = Contract.of(SCHEMA, "id", "at");

  private Transactions() {}

  public static Schema schema(String fields) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"Transaction\",\"namespace\":\"test\",\"fields\":["
                + fields
                + "]}");
  }

  static GenericRecord full() {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("id", "tx-1");
    record.put("at", NOON);
    record.put("amount", 57.16);
    record.put("currency", "CHF");
    record.put("channel", new GenericData.EnumSymbol(SCHEMA.getField("channel").schema(), "WEB"));
    record.put("terminal", 3156);
    record.put("customer", 596L);
    record.put("score", null);
    record.put("fraud", true);
    record.put("raw", ByteBuffer.wrap(new byte[] {1, 2}));
    return record;
  }

  static GenericRecord record(Schema schema, Map<String, ?> values) {
    GenericRecord record = new GenericData.Record(schema);
    values.forEach(record::put);
    return record;
  }

  static byte[] avro(GenericRecord record) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] join(byte[] first, byte[] second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(second);
    return out.toByteArray();
  }

  static RawRecord raw(byte[] payload) {
    return new RawRecord(ORIGIN, NOON, null, payload);
  }

  static RawRecord raw(String payload) {
    return raw(payload.getBytes(UTF_8));
  }

  static List<@Nullable Object> values(Event event) {
    return event.layout().columns().stream().map(column -> value(column, event)).toList();
  }

  /** As a row holds it, but for an enum, which is its symbol. */
  static @Nullable Object value(Column column, Event event) {
    return column.type() == ColumnType.ENUM && !column.isNull(event)
        ? column.getString(event)
        : column.value(event);
  }

  static UndecodableException refused(RecordFormat format, byte[] payload) {
    try {
      Event event = format.open().decode(raw(payload));
      return Assertions.fail("decoded as %s", event);
    } catch (UndecodableException e) {
      return e;
    }
  }

  static void assertRefused(RecordFormat format, byte[] payload, Reason reason, String message) {
    UndecodableException e = refused(format, payload);
    Assertions.assertThat(e.message()).contains(message);
    Assertions.assertThat(e.reason()).isEqualTo(reason);
  }
}
