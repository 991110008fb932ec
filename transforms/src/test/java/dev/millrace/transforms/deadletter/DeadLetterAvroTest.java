package dev.millrace.transforms.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class DeadLetterAvroTest {

  private static final Origin MESSAGE = new Origin("pubsub", "payments", 0, 0, "id-7");

  @Test
  void all_of_a_letter_comes_back() throws IOException {
    DeadLetter letter = letter(MESSAGE);
    byte[] written = DeadLetterAvro.write(new byte[] {1, 2}, letter);
    assertThat(DeadLetterAvro.read(written, 2).origin()).isEqualTo(MESSAGE);
  }

  @Test
  void a_letter_of_before_origins_had_messages_is_read() throws IOException {
    Origin origin = new Origin("kafka", "payments", 1, 2);
    List<Schema.Field> fields = DeadLetterAvro.SCHEMA.getFields();
    assertThat(fields.get(fields.size() - 1).name()).isEqualTo("origin_message");
    List<Schema.Field> older =
        fields.subList(0, fields.size() - 1).stream()
            .map(field -> new Schema.Field(field, field.schema()))
            .toList();
    Schema writer = Schema.createRecord("DeadLetter", null, "dev.millrace", false, older);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(writer)
        .write(DeadLetterAvro.toRecord(letter(origin)), encoder);
    DeadLetter read = DeadLetterAvro.read(bytes.toByteArray(), 0);
    assertThat(read.origin()).isEqualTo(origin);
    assertThat(read.payload()).isEqualTo(new byte[] {7});
  }

  private static DeadLetter letter(Origin origin) {
    return DeadLetter.undecodable(
        origin, null, new byte[] {7}, Map.of(), null, Reason.MALFORMED, "found nonsense", null);
  }
}
