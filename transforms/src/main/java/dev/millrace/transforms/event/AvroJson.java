package dev.millrace.transforms.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
 * Writes Avro records as JSON that people and web services read: times and dates are ISO-8601, in
 * UTC, a decimal is a number with all its digits, bytes are base64, and what JSON has no number for
 * is {@code "NaN"}, {@code "Infinity"} or {@code "-Infinity"}. Avro's own encoding of JSON wraps
 * what may be null in an object that names its type, and has times as bare numbers.
 */
public final class AvroJson {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private AvroJson() {}

  /** One record, as UTF-8. */
  public static byte[] write(GenericRecord record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = generator(out)) {
      write(record, json);
    } catch (IOException e) {
      throw new IllegalStateException("a write to memory cannot fail", e);
    }
    return out.toByteArray();
  }

  /** For records that are written one behind the other, a line each. */
  public static JsonGenerator generator(OutputStream out) throws IOException {
    return JSON.createGenerator(out).setPrettyPrinter(new MinimalPrettyPrinter("\n"));
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
      case RECORD -> write((GenericRecord) value, json);
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
      // Jackson quotes what JSON has no number for.
      case FLOAT -> json.writeNumber((Float) value);
      case DOUBLE -> json.writeNumber((Double) value);
      case BYTES -> writeBytes(logical, bytes((ByteBuffer) value), json);
      case FIXED -> writeBytes(logical, ((GenericFixed) value).bytes(), json);
      default -> json.writeString(value.toString());
    }
  }

  /** One record, as an object. */
  public static void write(GenericRecord record, JsonGenerator json) throws IOException {
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

  private static void writeBytes(@Nullable LogicalType logical, byte[] value, JsonGenerator json)
      throws IOException {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      json.writeNumber(new BigDecimal(new BigInteger(value), decimal.getScale()));
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
