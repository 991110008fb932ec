package dev.millrace.benchmark.decode;

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
import org.jspecify.annotations.Nullable;

/** Writes Avro by a schema that may be another version than the records'. */
final class AvroPayloads {

  private AvroPayloads() {}

  static Format.Encoding by(Schema schema) {
    GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(schema);
    return record -> {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
      try {
        writer.write(written(record, schema), out);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("writing to memory failed", e);
      }
      return bytes.toByteArray();
    };
  }

  static Format.Encoding framedBy(Schema schema) {
    Format.Encoding plain = by(schema);
    return record -> {
      byte[] body = plain.encode(record);
      return ByteBuffer.allocate(Format.FRAME + body.length)
          .put((byte) 0)
          .putInt(OlderWriter.ID)
          .put(body)
          .array();
    };
  }

  /** The record as a writer of {@code schema} would have made it. */
  private static GenericRecord written(GenericRecord record, Schema schema) {
    GenericRecord written = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      written.put(
          field.pos(),
          record.hasField(field.name())
              ? narrowed(record.get(field.name()), field.schema())
              : GenericData.get().getDefaultValue(field));
    }
    return written;
  }

  private static @Nullable Object narrowed(@Nullable Object value, Schema type) {
    if (!(value instanceof Number number)) {
      return value;
    }
    Schema plain = type.isUnion() ? type.getTypes().get(0) : type;
    return switch (plain.getType()) {
      case INT -> number.intValue();
      case FLOAT -> number.floatValue();
      default -> number;
    };
  }
}
