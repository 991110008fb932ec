package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import dev.millrace.transforms.registry.UnusableSchemaException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Avro in Confluent's frame: one reader for each schema met, kept by its id. */
final class FramedAvroDecoder implements RecordDecoder {

  private static final int READERS_KEPT = 1_000;

  /** What a schema's id came to: a reader, or why there can be none. */
  private record Known(@Nullable AvroRecordReader reader, @Nullable UndecodableException refusal) {}

  private final Contract contract;
  private final SchemaSource schemas;
  private final int maxPayloadBytes;
  private final EventDraft draft;
  private final AvroInput in = new AvroInput();
  private final Map<Integer, Known> known = new Oldest();

  FramedAvroDecoder(Contract contract, SchemaSource schemas, int maxPayloadBytes) {
    this.contract = contract;
    this.schemas = schemas;
    this.maxPayloadBytes = maxPayloadBytes;
    this.draft = new EventDraft(contract);
  }

  @Override
  public Event decode(RawRecord record) throws UndecodableException {
    byte[] payload = record.payload();
    PayloadLimit.check(payload, maxPayloadBytes);
    if (payload[0] != AvroFrame.MAGIC || payload.length < AvroFrame.CONFLUENT_LENGTH) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "payload: found first byte 0x%02x and %d bytes, expected 0x00, the schema's id in 4 bytes, and a record"
              .formatted(payload[0], payload.length));
    }
    int id = ByteBuffer.wrap(payload).getInt(1);
    try {
      AvroRecordReader reader = reader(id);
      in.reset(payload, AvroFrame.CONFLUENT_LENGTH);
      return PlainAvroDecoder.decode(reader, in, draft, record);
    } catch (UndecodableException e) {
      throw e.withSchemaId(id);
    }
  }

  private AvroRecordReader reader(int id) throws UndecodableException {
    Known found = known.get(id);
    if (found == null) {
      found = resolve(id);
      known.put(id, found);
    }
    if (found.reader == null) {
      throw Objects.requireNonNull(found.refusal);
    }
    return found.reader;
  }

  /** An id that the source does not know is not kept here: it may be registered any moment. */
  private Known resolve(int id) throws UndecodableException {
    SchemaText stored = find(id);
    try {
      return new Known(new AvroRecordReader(contract, parse(id, stored)), null);
    } catch (UndecodableException e) {
      return new Known(
          null,
          new UndecodableException(
              e.reason(), "schema %d: %s".formatted(id, e.message()), id, e.getCause()));
    }
  }

  private SchemaText find(int id) throws UndecodableException {
    SchemaId schemaId = SchemaId.of(id);
    try {
      return schemas
          .find(schemaId)
          .orElseThrow(
              () ->
                  new UndecodableException(
                      Reason.UNKNOWN_SCHEMA,
                      "payload: found %s, expected one that %s knows"
                          .formatted(schemaId, schemas)));
    } catch (UnusableSchemaException e) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA, String.valueOf(e.getMessage()), id, e);
    }
  }

  private static Schema parse(int id, SchemaText stored) throws UndecodableException {
    if (!stored.type().equals(SchemaText.AVRO)) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA,
          "found a schema of type %s, expected AVRO".formatted(stored.type()));
    }
    try {
      Schema.Parser parser = new Schema.Parser();
      stored.references().forEach(reference -> parser.parse(reference.text()));
      return parser.parse(stored.text());
    } catch (AvroRuntimeException e) {
      throw new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA, "not an Avro schema: " + e.getMessage(), id, e);
    }
  }

  /** Drops what was not used for longest, past {@link #READERS_KEPT}. */
  private static final class Oldest extends LinkedHashMap<Integer, Known> {
    Oldest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Known> eldest) {
      return size() > READERS_KEPT;
    }
  }
}
