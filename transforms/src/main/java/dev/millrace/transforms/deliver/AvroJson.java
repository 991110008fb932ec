package dev.millrace.transforms.deliver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records as JSON that people and web services read: a time is ISO-8601 in UTC, a
 * decimal is text, so that nobody makes a double of it, bytes are base64, and what JSON has no
 * number for is {@code "NaN"}, {@code "Infinity"} or {@code "-Infinity"}. Avro's own encoding of
 * JSON wraps what may be null in an object that names its type, and has times as bare numbers.
 */
final class AvroJson {

  private static final JsonFactory JSON = new JsonFactory();

  private AvroJson() {}

  /** One record on one line, as UTF-8. */
  static byte[] write(GenericRecord record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(record.getSchema(), record, json);
    } catch (IOException e) {
      throw new IllegalStateException("a write to memory cannot fail", e);
    }
    return out.toByteArray();
  }

  private static void write(Schema schema, @Nullable Object value, JsonGenerator json)
      throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    LogicalType logical = schema.getLogicalType();
    switch (schema.getType()) {
      case UNION ->
          write(schema.getTypes().get(GenericData.get().resolveUnion(schema, value)), value, json);
      case RECORD -> writeRecord((GenericRecord) value, json);
      case ARRAY -> {
        json.writeStartArray();
        for (Object item : (Collection<?>) value) {
          write(schema.getElementType(), item, json);
        }
        json.writeEndArray();
      }
      case MAP -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          json.writeFieldName(entry.getKey().toString());
          write(schema.getValueType(), entry.getValue(), json);
        }
        json.writeEndObject();
      }
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case INT -> writeInt(logical, (Integer) value, json);
      case LONG -> writeLong(logical, (Long) value, json);
      case FLOAT, DOUBLE -> writeDecimalNumber((Number) value, json);
      case BYTES -> writeBytes(logical, bytes((ByteBuffer) value), json);
      case FIXED -> writeBytes(logical, ((GenericFixed) value).bytes(), json);
      default -> json.writeString(value.toString());
    }
  }

  private static void writeRecord(GenericRecord record, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Schema.Field field : record.getSchema().getFields()) {
      json.writeFieldName(field.name());
      write(field.schema(), record.get(field.pos()), json);
    }
    json.writeEndObject();
  }

  private static void writeInt(@Nullable LogicalType logical, int value, JsonGenerator json)
      throws IOException {
    if (logical instanceof LogicalTypes.Date) {
      json.writeString(LocalDate.ofEpochDay(value).toString());
    } else {
      json.writeNumber(value);
    }
  }

  private static void writeLong(@Nullable LogicalType logical, long value, JsonGenerator json)
      throws IOException {
    if (logical instanceof LogicalTypes.TimestampMillis) {
      json.writeString(Instant.ofEpochMilli(value).toString());
    } else if (logical instanceof LogicalTypes.TimestampMicros) {
      json.writeString(Instant.EPOCH.plus(value, ChronoUnit.MICROS).toString());
    } else {
      json.writeNumber(value);
    }
  }

  private static void writeDecimalNumber(Number value, JsonGenerator json) throws IOException {
    if (!Double.isFinite(value.doubleValue())) {
      json.writeString(value.toString());
    } else if (value instanceof Float single) {
      json.writeNumber(single);
    } else {
      json.writeNumber(value.doubleValue());
    }
  }

  private static void writeBytes(@Nullable LogicalType logical, byte[] value, JsonGenerator json)
      throws IOException {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      json.writeString(new BigDecimal(new BigInteger(value), decimal.getScale()).toPlainString());
    } else {
      json.writeString(Base64.getEncoder().encodeToString(value));
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
