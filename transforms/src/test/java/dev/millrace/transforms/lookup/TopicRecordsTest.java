package dev.millrace.transforms.lookup;

import static dev.millrace.transforms.lookup.CustomerTopic.FIRST;
import static dev.millrace.transforms.lookup.CustomerTopic.NEVER;
import static dev.millrace.transforms.lookup.CustomerTopic.SECOND;
import static dev.millrace.transforms.lookup.CustomerTopic.first;
import static dev.millrace.transforms.lookup.CustomerTopic.framed;
import static dev.millrace.transforms.lookup.CustomerTopic.record;
import static dev.millrace.transforms.lookup.CustomerTopic.second;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.ProtobufFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericRecordBuilder;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What records of a topic do to its table, whatever their values are written in. */
class TopicRecordsTest {

  private final CustomerTopic topic = new CustomerTopic();

  @Test
  void value_is_read_by_the_schema_that_wrote_it_and_a_new_one_needs_no_restart() throws Exception {
    TopicRecords records = topic.records(topic.avro, null);
    topic.take(records, "a", first("GOLD", 100));
    assertThat(topic.found("a")).containsExactly("GOLD", 100.0, "BASIC", NEVER, -1L, NEVER);
    topic.schemas.with(2, SECOND);
    topic.take(records, "a", second("GOLD", 100.5));
    topic.take(records, "b", first("BASE", 7));
    assertThat(topic.found("a"))
        .containsExactly(
            "GOLD",
            100.5,
            "PLUS",
            Instant.ofEpochMilli(1_700_000_000_123L),
            17L,
            Instant.ofEpochMilli(20_000 * 86_400_000L));
    assertThat(topic.found("b")).containsExactly("BASE", 7.0, "BASIC", NEVER, -1L, NEVER);
    assertThat(topic.told.away).isEmpty();
  }

  @Test
  void tombstone_removes_a_key_and_a_record_without_one_is_passed_over() throws Exception {
    TopicRecords records = topic.records(topic.avro, null);
    topic.take(records, "a", first("GOLD", 100));
    records.take(record(null, first("BASE", 1)), topic.table, topic.told);
    assertThat(topic.table.size()).isEqualTo(1);
    topic.take(records, "a", null);
    assertThat(topic.table.size()).isZero();
  }

  @Test
  void bad_value_is_its_keys_trouble_until_the_next_one_comes() throws Exception {
    TopicRecords records = topic.records(topic.avro, null);
    byte[] good = first("GOLD", 100);
    topic.take(records, "cut", Arrays.copyOf(good, good.length - 1));
    topic.take(records, "text", "{\"segment\": \"GOLD\"}".getBytes(UTF_8));
    topic.take(records, "empty", new byte[0]);
    topic.take(
        records,
        "unknown",
        framed(
            9, FIRST, new GenericRecordBuilder(FIRST).set("segment", "S").set("limit", 1).build()));
    topic.take(records, "b", good);
    assertThat(topic.problem("cut")).contains("field 'segment'");
    assertThat(topic.problem("text"))
        .isEqualTo(
            "payload: found first byte 0x7b and 19 bytes, expected 0x00, the schema's id in 4 bytes, and a record");
    assertThat(topic.problem("empty")).isEqualTo("payload: found no bytes, expected a record");
    assertThat(topic.problem("unknown"))
        .isEqualTo("payload: found schema id 9, expected one that fake registry knows");
    assertThat(topic.found("b")).startsWith("GOLD");
    topic.take(records, "cut", good);
    assertThat(topic.found("cut")).startsWith("GOLD");
    assertThat(topic.told.refused).isEmpty();
  }

  @Test
  void table_stands_still_while_a_schema_cannot_be_had_and_serves_what_was_there()
      throws Exception {
    topic.schemas.with(2, SECOND);
    TopicRecords records = topic.records(topic.avro, null);
    topic.take(records, "a", first("GOLD", 100));
    topic.schemas.away = true;
    Thread feeding =
        new Thread(
            () -> {
              try {
                topic.take(records, "a", second("GOLD", 100.5));
                topic.take(records, "b", first("BASE", 7));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    feeding.start();
    while (topic.schemas.refusals.get() < 3) {
      Thread.onSpinWait();
    }
    assertThat(topic.found("a")).startsWith("GOLD", 100.0);
    assertThat(topic.table.get("b")).isNull();
    assertThat(topic.told.away)
        .containsExactly("topic: found schema id 2: fake registry: no answer");
    assertThat(topic.told.heard.get()).isZero();
    topic.schemas.away = false;
    feeding.join();
    assertThat(topic.told.heard.get()).isEqualTo(1);
    assertThat(topic.found("a")).startsWith("GOLD", 100.5);
    assertThat(topic.found("b")).startsWith("BASE", 7.0);
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
    topic.take(new TopicRecords("topic", TopicValues.of(protobuf, columns), null), "p", message);
    topic.take(
        new TopicRecords("topic", TopicValues.of(json, columns), null),
        "j",
        "{\"class\": \"BASE\"}".getBytes(UTF_8));
    assertThat(AnswerReaderTest.row(columns, topic.answer("p")).getValues())
        .containsExactly("e1", "GOLD", 1.0);
    assertThat(AnswerReaderTest.row(columns, topic.answer("j")).getValues())
        .containsExactly("e1", "BASE", 5.0);
  }

  @Test
  void values_without_a_format_are_json_objects_as_they_are() throws Exception {
    topic.take(
        topic.records(null, null),
        "a",
        "{\"segment\": \"GOLD\", \"limit\": 1, \"tier\": \"PLUS\"}".getBytes(UTF_8));
    assertThat(topic.found("a")).containsExactly("GOLD", 1.0, "PLUS", NEVER, -1L, NEVER);
  }
}
