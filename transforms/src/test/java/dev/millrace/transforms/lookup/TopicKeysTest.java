package dev.millrace.transforms.lookup;

import static dev.millrace.transforms.lookup.CustomerTopic.CUSTOMER;
import static dev.millrace.transforms.lookup.CustomerTopic.first;
import static dev.millrace.transforms.lookup.CustomerTopic.framed;
import static dev.millrace.transforms.lookup.CustomerTopic.record;
import static dev.millrace.transforms.lookup.CustomerTopic.schema;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.AvroKeys;
import dev.millrace.transforms.decode.Framing;
import dev.millrace.transforms.event.AvroFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of a topic that are Avro. */
class TopicKeysTest {

  private final CustomerTopic topic = new CustomerTopic();

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
    topic.schemas.with(4, written);
    TopicRecords records =
        topic.records(topic.avro, new AvroKeys(Framing.CONFLUENT, topic.schemas));
    records.take(record(key(written, value), first("GOLD", 1)), topic.table, topic.told);
    assertThat(topic.found(key)).startsWith("GOLD");
    records.take(record(key(written, value), null), topic.table, topic.told);
    assertThat(topic.table.size()).isZero();
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
    topic.schemas.with(4, text).with(5, two).with(6, flag);
    TopicRecords records =
        topic.records(topic.avro, new AvroKeys(Framing.CONFLUENT, topic.schemas));
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
      records.take(record(key, value), topic.table, topic.told);
    }
    assertThat(topic.found("b")).startsWith("GOLD");
    assertThat(topic.table.size()).isEqualTo(1);
    assertThat(topic.told.refused)
        .containsExactly(
            "topic/3@5, key: payload: found first byte 0x61 and 1 bytes, expected 0x00, the schema's id in 4 bytes, and a record",
            "topic/3@5, key: payload: found no bytes, expected a record",
            "topic/3@5, key: payload: found schema id 9, expected one that fake registry knows",
            "topic/3@5, key: found a record of 2 fields, expected a string, an int or a long, or a record of one of these",
            "topic/3@5, key: found type BOOLEAN, expected a string, an int or a long, or a record of one of these",
            "topic/3@5, key: found 1 bytes behind it, expected none",
            "topic/3@5, key: found a length of 2147483647, expected at most the 0 bytes left");
  }

  @Test
  void schemas_may_be_named_in_headers_of_key_and_value() throws Exception {
    Schema text = Schema.create(Schema.Type.STRING);
    topic.schemas.with(4, text);
    TopicRecords records =
        topic.records(
            AvroFormat.of(CUSTOMER).framedBy(Framing.HEADERS, topic.schemas),
            new AvroKeys(Framing.HEADERS, topic.schemas));
    byte[] key = framed(4, text, "a");
    byte[] value = first("GOLD", 1);
    ConsumerRecord<byte[], byte[]> record =
        record(
            Arrays.copyOfRange(key, AvroFrame.CONFLUENT_LENGTH, key.length),
            Arrays.copyOfRange(value, AvroFrame.CONFLUENT_LENGTH, value.length));
    record.headers().add("apicurio.key.globalId", ByteBuffer.allocate(8).putLong(4).array());
    record.headers().add("apicurio.value.globalId", ByteBuffer.allocate(8).putLong(1).array());
    records.take(record, topic.table, topic.told);
    assertThat(topic.found("a")).startsWith("GOLD", 1.0);
  }
}
