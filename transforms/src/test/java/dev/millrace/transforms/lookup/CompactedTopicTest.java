package dev.millrace.transforms.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.AvroKeys;
import dev.millrace.transforms.decode.Decode;
import dev.millrace.transforms.decode.Framing;
import dev.millrace.transforms.decode.Limits;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.registry.ConfluentRegistry;
import dev.millrace.transforms.registry.SchemaText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A topic as it is described; nothing is connected to. */
class CompactedTopicTest {

  private static final ConfluentRegistry REGISTRY = ConfluentRegistry.at("http://registry:8081");

  private static Contract contract(String segment) {
    return Contract.of(
        SchemaText.of(
            SchemaText.AVRO,
            """
            {"type": "record", "name": "Customer", "fields": [
              {"name": "%s", "type": "string"},
              {"name": "whole", "type": "int"},
              {"name": "long", "type": ["null", "long"]},
              {"name": "number", "type": "double"},
              {"name": "flag", "type": "boolean"},
              {"name": "raw", "type": "bytes"},
              {"name": "paid", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "count", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9}},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "tags", "type": {"type": "array", "items": "string"}},
              {"name": "shop", "type": {"type": "record", "name": "Shop", "fields": [{"name": "city", "type": "string"}]}}]}
            """
                .formatted(segment)));
  }

  private static CompactedTopic topic(String segment) {
    return CompactedTopic.of("b:9092", "customers")
        .withValues(AvroFormat.of(contract(segment)).framedBy(REGISTRY))
        .withKeys(new AvroKeys(Framing.CONFLUENT, REGISTRY));
  }

  /** Else each thread would read a table of its own. */
  @Test
  void description_is_equal_to_another_of_the_same() {
    CompactedTopic topic = topic("segment");
    CompactedTopic copy = SerializableUtils.clone(topic);
    assertThat(copy).isEqualTo(topic).hasSameHashCodeAs(topic);
    assertThat(
            Set.of(
                topic,
                topic("class"),
                topic.withValues(AvroFormat.of(contract("segment"))),
                topic.withValues(
                    AvroFormat.of(contract("segment"))
                        .framedBy(ConfluentRegistry.at("http://other:8081"))),
                topic.withValues(
                    AvroFormat.of(contract("segment"))
                        .framedBy(REGISTRY)
                        .withLimits(Limits.DEFAULT.withBytes(10))),
                topic.withKeys(
                    new AvroKeys(Framing.CONFLUENT, ConfluentRegistry.at("http://other:8081"))),
                topic.withMaxBytes(10),
                topic.withSettings(Map.of("client.id", "x"))))
        .hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({
    "segment, STRING",
    "segment, TIMESTAMP",
    "whole, INT",
    "whole, DOUBLE",
    "long, INT",
    "long, DOUBLE",
    "long, TIMESTAMP",
    "number, DOUBLE",
    "flag, BOOL",
    "paid, DOUBLE",
    "count, INT",
    "at, TIMESTAMP",
    "shop.city, STRING"
  })
  void column_may_be_of_each_type_that_its_field_fits(String field, LookupType type) {
    assertThatCode(() -> topic("segment").checkColumn(LookupColumn.of("c", type, field)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "segment | DOUBLE | a string | a finite number",
        "whole | STRING | an int | a string",
        "whole | TIMESTAMP | an int | a timestamp (ISO-8601 or epoch milliseconds)",
        "long | BOOL | a long or null | true or false",
        "number | INT | a double | a whole number of 64 bits",
        "paid | INT | a decimal(9, 2) | a whole number of 64 bits",
        "at | INT | a timestamp (ISO-8601 or epoch milliseconds) | a whole number of 64 bits",
        "raw | STRING | bytes | a string",
        "tags | STRING | a list, each item a string | a string",
        "shop | STRING | a record | a string"
      })
  void column_of_another_type_is_refused_before_launch(
      String field, LookupType type, String found, String expected) {
    assertThatThrownBy(() -> topic("segment").checkColumn(LookupColumn.of("c", type, field)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "column 'c', field '%s' in the contract of Kafka topic customers: found %s, expected %s"
                .formatted(field, found, expected));
  }

  @Test
  void field_that_the_contract_has_not_is_refused_where_the_lookup_is_put_together() {
    EventLayout layout = EventLayout.of(Schema.builder().addStringField("customer").build());
    Lookup lookup =
        Lookup.by("customer", topic("segment"))
            .withColumn(LookupColumn.of("segment", LookupType.STRING, "segmnt"));
    assertThatThrownBy(() -> lookup.layout(layout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "column 'segment': found no field 'segmnt' in the contract of Kafka topic customers (did you mean 'segment'?), expected one of segment, whole,");
  }

  @Test
  void registry_that_is_away_is_an_error_at_launch() {
    FakeSchemas schemas = new FakeSchemas();
    schemas.away = true;
    CompactedTopic away =
        CompactedTopic.of("b:9092", "customers")
            .withValues(AvroFormat.of(contract("segment")).framedBy(schemas));
    assertThatThrownBy(() -> away.check(new LookupColumns(List.of(), null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("fake registry: found no answer");
  }

  @Test
  void keys_need_a_frame_that_names_their_schema() {
    assertThatThrownBy(() -> new AvroKeys(Framing.NONE, REGISTRY))
        .hasMessageContaining("framing NONE: found one that names no schema of a key");
    assertThatThrownBy(() -> new AvroKeys(Framing.SINGLE_OBJECT, REGISTRY))
        .hasMessageContaining("does not know schemas by their FINGERPRINT");
  }

  @Test
  void records_that_are_no_events_are_not_decoded_into_a_stream() {
    assertThatThrownBy(() -> Decode.by(AvroFormat.of(contract("segment"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("contract: found one without an id and a time, expected the two of an event");
  }
}
