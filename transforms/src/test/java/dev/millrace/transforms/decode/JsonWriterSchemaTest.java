package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.JsonSchemas.HEAD;
import static dev.millrace.transforms.decode.JsonSchemas.assertIncompatible;
import static dev.millrace.transforms.decode.JsonSchemas.json;
import static dev.millrace.transforms.decode.JsonSchemas.record;
import static dev.millrace.transforms.decode.JsonSchemas.schema;
import static dev.millrace.transforms.decode.JsonSchemas.values;
import static dev.millrace.transforms.decode.JsonSchemas.writer;
import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.JsonSchemas.Known;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.SchemaText.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Which schema wrote a payload, and what is one. */
class JsonWriterSchemaTest {

  @Test
  void schema_that_is_none_is_incompatible() {
    SchemaText contract = schema("'f': {'type': 'integer'}");
    assertIncompatible(
        contract,
        writer("{'type': 'string'}"),
        "found a writer's schema of type string, expected an object");
    assertIncompatible(
        contract,
        SchemaText.of(SchemaText.AVRO, "\"int\""),
        "found a schema of type AVRO, expected JSON");
    assertIncompatible(
        contract,
        writer("{'properties': {'f': {'$ref': 'gone.json'}, " + HEAD + "}}"),
        "not a JSON Schema: #/properties/f/$ref: found 'gone.json', expected a place in the schema, or one of []");
    assertIncompatible(
        contract,
        writer("{'$ref': '#'}"),
        "not a JSON Schema: #: found a $ref that comes back to itself, expected one that leads to a type");
    StringBuilder chain =
        new StringBuilder("{'properties': {" + HEAD + ", 'f': {'$ref': '#/$defs/0'}}, '$defs': {");
    for (int i = 0; i < 20_000; i++) {
      chain.append("'%d': {'allOf': [{'$ref': '#/$defs/%d'}]}, ".formatted(i, i + 1));
    }
    assertIncompatible(
        contract,
        writer(chain + "'20000': {}}}"),
        "not a JSON Schema: #/$defs/1000: found a value of more than 1000 schemas, expected fewer");
  }

  @Test
  void schema_may_be_spread_over_documents() throws Exception {
    SchemaText writer =
        new SchemaText(
            SchemaText.JSON,
            json("{'allOf': [{'$ref': 'head.json'}, {'$ref': 'body.json'}]}"),
            List.of(
                new Reference(
                    "head.json", json("{'type': 'object', 'properties': {" + HEAD + "}}")),
                new Reference("body.json", json("{'properties': {'f': {'type': 'integer'}}}"))));
    assertThat(values(schema("'f': {'type': 'number'}"), writer, "'f': 3")).containsExactly(3.0);
    assertIncompatible(
        schema("'f': {'type': 'boolean'}"),
        writer,
        "field 'f': found integer in the writer's schema, expected a boolean or null");
  }

  @Test
  void every_frame_names_the_schema_of_a_json_payload() throws Exception {
    SchemaText contract = schema("'f': {'type': 'integer'}");
    SchemaSource schemas =
        new Known(
            Map.of(
                SchemaId.of(7), contract,
                SchemaId.globalId(7), contract,
                SchemaId.contentId(8), contract,
                SchemaId.revision("projects/p/schemas/s@1"), contract));
    JsonFormat format = JsonFormat.of(Contract.of(contract, "id", "at"));
    byte[] json = json("{'id': 'a', 'at': 1522584000000, 'f': 3}").getBytes(UTF_8);
    Map<Framing, List<RawRecord>> framed =
        Map.of(
            Framing.CONFLUENT,
            List.of(record(join(AvroFrame.confluent(7), json), Map.of())),
            Framing.HEADERS,
            List.of(
                record(json, Map.of("apicurio.value.globalId", number(7))),
                record(
                    json,
                    Map.of(
                        "apicurio.value.contentId", number(8),
                        "apicurio.value.encoding", "JSON".getBytes(UTF_8)))),
            Framing.PUBSUB,
            List.of(
                record(
                    json,
                    Map.of(
                        "googclient_schemaname", "projects/p/schemas/s".getBytes(UTF_8),
                        "googclient_schemarevisionid", "1".getBytes(UTF_8),
                        "googclient_schemaencoding", "JSON".getBytes(UTF_8)))));
    for (Map.Entry<Framing, List<RawRecord>> each : framed.entrySet()) {
      RecordDecoder decoder = format.framedBy(each.getKey(), schemas).open();
      for (RawRecord record : each.getValue()) {
        assertThat(decoder.decode(record).toRow().getValues())
            .isEqualTo(List.of("a", Instant.ofEpochMilli(NOON), 3L));
      }
    }
    assertThatThrownBy(() -> format.framedBy(Framing.SINGLE_OBJECT, schemas))
        .hasMessage("framing SINGLE_OBJECT: found JSON, expected Avro, whose encoding it is");
  }

  private static byte[] number(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  @Test
  void avro_without_a_frame_needs_a_contract_in_avro() {
    Contract contract = Contract.of(schema("'f': {'type': 'integer'}"), "id", "at");
    AvroFormat unframed = AvroFormat.of(contract);
    for (RecordFormat format : List.of(unframed, unframed.asSingleObjects())) {
      assertThatThrownBy(format::check)
          .hasMessageEndingWith(
              ": found a contract in JSON, expected one in Avro: it is what wrote the payloads");
      assertThatThrownBy(format::open).isInstanceOf(IllegalArgumentException.class);
    }
    unframed.framedBy(new Known(Map.of())).check();
  }

  @Test
  void avro_payload_is_read_by_a_contract_in_json_schema() throws Exception {
    Contract contract =
        Contract.of(
            schema("'channel': {'enum': ['CHIP', 'WEB']}, 'amount': {'type': 'number'}"),
            "id",
            "at");
    SchemaText avro = SchemaText.of(Transactions.SCHEMA);
    Event event =
        AvroFormat.of(contract)
            .framedBy(new Known(Map.of(SchemaId.of(7), avro)))
            .open()
            .decode(
                record(
                    join(AvroFrame.confluent(7), Transactions.avro(Transactions.full())),
                    Map.of()));
    assertThat(Transactions.values(event))
        .containsExactly("tx-1", Instant.ofEpochMilli(NOON), "WEB", 57.16);
  }
}
