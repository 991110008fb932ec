package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * How a topic's keys are written that are Avro in a frame: text or a whole number, by itself or, as
 * Debezium does, as the only field of a record. An immutable description that travels to the
 * workers, equal to another of the same.
 *
 * @param schemas where the ids of the frame are known
 */
public record AvroKeys(Framing framing, SchemaSource schemas) implements Serializable {

  /**
   * @throws IllegalArgumentException when {@code schemas} cannot know the ids of the frame, or it
   *     names none
   */
  public AvroKeys {
    if (framing == Framing.NONE || framing == Framing.PUBSUB) {
      throw new IllegalArgumentException(
          "framing %s: found one that names no schema of a key, expected CONFLUENT, HEADERS or SINGLE_OBJECT"
              .formatted(framing));
    }
    var unused = Envelope.NONE.with(framing, schemas);
  }

  /** A decoder for one thread, made on the worker. */
  public Decoder open() {
    return new Decoder(this);
  }

  /** Decodes one key at a time. Not thread-safe. */
  public static final class Decoder {
    private final SchemaSource schemas;
    private final Frame frame;
    private final AvroInput in = new AvroInput(Limits.DEFAULT);
    private final Map<SchemaId, Schema> known = new HashMap<>();

    private Decoder(AvroKeys keys) {
      this.schemas = keys.schemas;
      this.frame = Frame.ofKeys(keys.framing);
    }

    /**
     * A key as text, a number as its decimal digits.
     *
     * @param key whose payload is the key
     * @throws UndecodableException when these bytes can never be decoded
     * @throws SchemaSourceUnavailableException when they may well be decoded later
     */
    public String text(RawRecord key) throws UndecodableException {
      Limits.DEFAULT.check(key.payload());
      Schema schema = schema(frame.schemaOf(key));
      in.reset(key.payload(), frame.length);
      try {
        String text = read(schema);
        if (in.remaining() == 0) {
          return text;
        }
      } catch (IOException e) {
        throw new UndecodableException(Reason.MALFORMED, String.valueOf(e.getMessage()), null, e);
      }
      throw new UndecodableException(
          Reason.MALFORMED, "found %d bytes behind it, expected none".formatted(in.remaining()));
    }

    private Schema schema(SchemaId id) throws UndecodableException {
      Schema schema = known.get(id);
      if (schema == null) {
        SchemaText writer = FramedDecoder.find(schemas, id);
        schema = AvroReaders.parse(writer);
        known.put(id, schema);
      }
      return schema;
    }

    private String read(Schema schema) throws IOException, UndecodableException {
      Schema field = schema.getType() == Schema.Type.RECORD ? onlyField(schema) : schema;
      if (field.isUnion()) {
        List<Schema> branches = field.getTypes();
        field = branches.get(in.readIndex(branches.size()));
      }
      return switch (field.getType()) {
        case STRING -> {
          int length = in.readLength();
          yield new String(in.bytes(), in.take(length), length, UTF_8);
        }
        case INT -> Integer.toString(in.readInt());
        case LONG -> Long.toString(in.readLong());
        default -> throw unfit("type " + field.getType());
      };
    }

    private static Schema onlyField(Schema schema) throws UndecodableException {
      List<Schema.Field> fields = schema.getFields();
      if (fields.size() != 1) {
        throw unfit("a record of %d fields".formatted(fields.size()));
      }
      return fields.get(0).schema();
    }

    private static UndecodableException unfit(String found) {
      return new UndecodableException(
          Reason.INCOMPATIBLE_SCHEMA,
          "found %s, expected a string, an int or a long, or a record of one of these"
              .formatted(found));
    }
  }
}
