package dev.millrace.it.payments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** One payment's schema as its upstream team changes it, version after version. */
public enum PaymentVersions {
  FIRST(
      """
      {"name": "id", "type": "string"}, {"name": "at", "type": "long"},
      {"name": "customer", "type": "string"}, {"name": "amount", "type": "int"},
      {"name": "shop", "type": "string"}, {"name": "note", "type": "string"}, CHANNEL("CHIP", "WEB")
      """),
  CURRENCY_ADDED(
      """
      {"name": "id", "type": "string"}, {"name": "at", "type": "long"},
      {"name": "currency", "type": "string"},
      {"name": "customer", "type": "string"}, {"name": "amount", "type": "int"},
      {"name": "shop", "type": "string"}, {"name": "note", "type": "string"}, CHANNEL("CHIP", "WEB")
      """),
  SHOP_RENAMED(
      """
      {"name": "id", "type": "string"}, {"name": "at", "type": "long"},
      {"name": "currency", "type": "string"},
      {"name": "customer", "type": "string"}, {"name": "amount", "type": "int"},
      {"name": "merchant", "type": "string"}, {"name": "note", "type": "string"}, CHANNEL("CHIP", "WEB")
      """),
  AMOUNT_PROMOTED(
      """
      {"name": "id", "type": "string"}, {"name": "at", "type": "long"},
      {"name": "currency", "type": "string"},
      {"name": "customer", "type": "string"}, {"name": "amount", "type": "double"},
      {"name": "merchant", "type": "string"}, {"name": "note", "type": "string"}, CHANNEL("CHIP", "WEB")
      """),
  NOTE_REMOVED(
      """
      {"name": "id", "type": "string"}, {"name": "at", "type": "long"},
      {"name": "currency", "type": "string"},
      {"name": "customer", "type": "string"}, {"name": "amount", "type": "double"},
      {"name": "merchant", "type": "string"}, CHANNEL("CHIP", "WEB")
      """),
  SYMBOL_ADDED(
      """
      {"name": "id", "type": "string"}, {"name": "at", "type": "long"},
      {"name": "currency", "type": "string"},
      {"name": "customer", "type": "string"}, {"name": "amount", "type": "double"},
      {"name": "merchant", "type": "string"}, CHANNEL("WALLET", "CHIP", "WEB")
      """),
  /** The contract knows no such name, and has no default for what is missing. */
  CUSTOMER_RENAMED(
      """
      {"name": "id", "type": "string"}, {"name": "at", "type": "long"},
      {"name": "currency", "type": "string"},
      {"name": "client", "type": "string"}, {"name": "amount", "type": "double"},
      {"name": "merchant", "type": "string"}, CHANNEL("WALLET", "CHIP", "WEB")
      """);

  public static final long START = 1_700_000_000_000L;

  private final String fields;

  PaymentVersions(String fields) {
    this.fields =
        fields.replaceAll(
            "CHANNEL\\(([^)]*)\\)",
            "{\"name\": \"channel\", \"type\": {\"type\": \"enum\", \"name\": \"Channel\", \"symbols\": [$1]}}");
  }

  public Schema schema() {
    return new Schema.Parser()
        .parse("{\"type\": \"record\", \"name\": \"Payment\", \"fields\": [" + fields + "]}");
  }

  public boolean has(String field) {
    return schema().getField(field) != null;
  }

  /** What the payment of number {@code i} is, whichever version wrote it. */
  public static String channel(PaymentVersions version, int i) {
    return version.ordinal() >= SYMBOL_ADDED.ordinal() && i % 3 == 0
        ? "WALLET"
        : i % 2 == 0 ? "CHIP" : "WEB";
  }

  public static double amount(PaymentVersions version, int i) {
    return version.ordinal() < AMOUNT_PROMOTED.ordinal() ? i : i + 0.25;
  }

  public String id(int i) {
    return name() + "-" + i;
  }

  /** By Avro's own writer, in Confluent's frame. */
  public byte[] payment(int schemaId, int i) {
    Schema schema = schema();
    GenericRecord record = new GenericData.Record(schema);
    record.put("id", id(i));
    record.put("at", START + 1_000L * i);
    record.put(has("client") ? "client" : "customer", "customer-" + i % 7);
    double amount = amount(this, i);
    boolean isInt = schema.getField("amount").schema().getType() == Schema.Type.INT;
    record.put("amount", isInt ? (Object) (int) amount : (Object) amount);
    record.put(has("shop") ? "shop" : "merchant", "merchant-" + i % 11);
    if (has("currency")) {
      record.put("currency", "CHF");
    }
    if (has("note")) {
      record.put("note", "note " + i);
    }
    record.put(
        "channel",
        new GenericData.EnumSymbol(schema.getField("channel").schema(), channel(this, i)));
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(0);
      out.write(ByteBuffer.allocate(4).putInt(schemaId).array());
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
