package dev.millrace.transforms.deadletter;

import dev.millrace.transforms.event.Origin;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** A dead letter as the Avro record that {@code dead-letter.avsc} describes. */
public final class DeadLetterAvro {

  public static final Schema SCHEMA = schema();

  /** Before origins had messages, which were added at the end. */
  private static final Schema OLDER = withoutLastField(SCHEMA);

  private DeadLetterAvro() {}

  /** The record's binary behind {@code prefix}. */
  public static byte[] write(byte[] prefix, DeadLetter letter) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(prefix);
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(SCHEMA).write(toRecord(letter), encoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote behind a prefix of {@code from} bytes.
   *
   * @throws IOException when the bytes are not a dead letter
   */
  public static DeadLetter read(byte[] bytes, int from) throws IOException {
    try {
      return read(bytes, from, SCHEMA);
    } catch (EOFException e) {
      return read(bytes, from, OLDER);
    }
  }

  private static DeadLetter read(byte[] bytes, int from, Schema writer) throws IOException {
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(writer, SCHEMA);
    return fromRecord(
        reader.read(
            null, DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null)));
  }

  /** As a generic record, for a file of dead letters. */
  public static GenericRecord toRecord(DeadLetter letter) {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("id", letter.id());
    record.put("stage", letter.stage().name());
    record.put("reason", letter.reason().name());
    record.put("message", letter.message());
    record.put("exception_class", letter.exceptionClass());
    record.put("origin_transport", letter.origin().transport());
    record.put("origin_source", letter.origin().source());
    record.put("origin_partition", letter.origin().partition());
    record.put("origin_position", letter.origin().position());
    record.put("origin_message", letter.origin().message());
    record.put("event_id", letter.eventId());
    record.put("event_time", letter.eventTime());
    record.put("schema_id", letter.schemaId());
    record.put("model_version", letter.modelVersion());
    record.put("pipeline", letter.pipeline());
    record.put("pipeline_version", letter.pipelineVersion());
    record.put("attempt", letter.attempt());
    record.put("first_seen", letter.firstSeen());
    record.put("encoding", letter.encoding().name());
    record.put("key", letter.key() == null ? null : ByteBuffer.wrap(letter.key()));
    record.put("payload", ByteBuffer.wrap(letter.payload()));
    Map<String, ByteBuffer> attributes = new HashMap<>();
    letter.attributes().forEach((name, value) -> attributes.put(name, ByteBuffer.wrap(value)));
    record.put("attributes", attributes);
    return record;
  }

  /** The dead letter of a record that was read by {@link #SCHEMA}. */
  public static DeadLetter fromRecord(GenericRecord record) {
    Map<String, byte[]> attributes = new HashMap<>();
    ((Map<?, ?>) record.get("attributes"))
        .forEach((name, value) -> attributes.put(name.toString(), bytes(value)));
    return DeadLetter.builder()
        .setId(text(record, "id"))
        .setStage(Stage.valueOf(text(record, "stage")))
        .setReason(Reason.valueOf(text(record, "reason")))
        .setMessage(text(record, "message"))
        .setExceptionClass(textOrNull(record, "exception_class"))
        .setOrigin(
            new Origin(
                text(record, "origin_transport"),
                text(record, "origin_source"),
                (Integer) record.get("origin_partition"),
                (Long) record.get("origin_position"),
                text(record, "origin_message")))
        .setEventId(textOrNull(record, "event_id"))
        .setEventTime((Long) record.get("event_time"))
        .setSchemaId(textOrNull(record, "schema_id"))
        .setModelVersion(textOrNull(record, "model_version"))
        .setPipeline(text(record, "pipeline"))
        .setPipelineVersion(text(record, "pipeline_version"))
        .setAttempt((Integer) record.get("attempt"))
        .setFirstSeen((Long) record.get("first_seen"))
        .setEncoding(DeadLetter.Encoding.valueOf(text(record, "encoding")))
        .setKey(record.get("key") == null ? null : bytes(record.get("key")))
        .setPayload(bytes(record.get("payload")))
        .setAttributes(attributes)
        .build();
  }

  private static byte[] bytes(Object buffer) {
    ByteBuffer from = ((ByteBuffer) buffer).duplicate();
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return bytes;
  }

  private static String text(GenericRecord record, String field) {
    return record.get(field).toString();
  }

  private static @Nullable String textOrNull(GenericRecord record, String field) {
    Object value = record.get(field);
    return value == null ? null : value.toString();
  }

  private static Schema withoutLastField(Schema schema) {
    List<Schema.Field> all = schema.getFields();
    List<Schema.Field> kept =
        all.subList(0, all.size() - 1).stream()
            .map(field -> new Schema.Field(field, field.schema()))
            .toList();
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, kept);
  }

  private static Schema schema() {
    try (InputStream in = DeadLetterAvro.class.getResourceAsStream("dead-letter.avsc")) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
