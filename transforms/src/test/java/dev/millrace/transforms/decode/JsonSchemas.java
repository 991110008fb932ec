package dev.millrace.transforms.decode;

import static dev.millrace.transforms.decode.Transactions.NOON;
import static dev.millrace.transforms.decode.Transactions.ORIGIN;
import static dev.millrace.transforms.decode.Transactions.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Schemas in JSON, and payloads that they wrote, in single quotes. */
final class JsonSchemas {

  private JsonSchemas() {}

  /** A schema source in memory, that knows ids of all kinds. */
  record Known(Map<SchemaId, SchemaText> byId) implements SchemaSource {

    @Override
    public boolean keeps(SchemaId.Kind kind) {
      return true;
    }

    @Override
    public Optional<SchemaText> find(SchemaId id) {
      return Optional.ofNullable(byId.get(id));
    }

    @Override
    public void check() {}
  }

  static final String HEAD = "'id': {'type': 'string'}, 'at': {'type': 'integer'}";

  static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }

  /** A contract, or a writer's schema, of an id, a time and {@code properties}. */
  static SchemaText schema(String properties) {
    String head = HEAD.replace("'integer'", "'integer', 'format': 'date-time'");
    return SchemaText.of(
        SchemaText.JSON,
        json(
            "{'type': 'object', 'required': ['id', 'at'], 'properties': {%s, %s}}"
                .formatted(head, properties)));
  }

  static SchemaText writer(String schema) {
    return SchemaText.of(SchemaText.JSON, json(schema));
  }

  static RecordFormat format(SchemaText contract, SchemaText writer) {
    return JsonFormat.of(Contract.of(contract, "id", "at"))
        .framedBy(Framing.CONFLUENT, new Known(Map.of(SchemaId.of(7), writer)));
  }

  static RawRecord record(byte[] payload, Map<String, byte[]> attributes) {
    return new RawRecord(ORIGIN, NOON, null, payload, attributes);
  }

  static RawRecord framed(String fields) {
    byte[] payload = json("{'id': 'a', 'at': 1, %s}".formatted(fields)).getBytes(UTF_8);
    return record(join(AvroFrame.confluent(7), payload), Map.of());
  }

  static List<@Nullable Object> values(SchemaText contract, SchemaText writer, String fields)
      throws Exception {
    Event event = format(contract, writer).open().decode(framed(fields));
    return event.toRow().getValues().subList(2, event.toRow().getFieldCount());
  }

  static void assertIncompatible(SchemaText contract, SchemaText writer, String message) {
    try {
      Assertions.fail("decoded as %s", format(contract, writer).open().decode(framed("'x': 1")));
    } catch (UndecodableException e) {
      assertThat(e.message()).isEqualTo("schema id 7: " + message);
      assertThat(e.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
      assertThat(e.schemaId()).isEqualTo(SchemaId.of(7));
    }
  }
}
