package dev.millrace.transforms.decode;

import com.google.protobuf.Descriptors.Descriptor;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import dev.millrace.transforms.registry.SchemaText;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Readers of Protobuf's wire format; {@link ProtobufFormat} says by which rules.
 *
 * @param indexed whether the path to the message in its file stands before it
 */
record ProtobufReaders(Contract contract, boolean indexed) implements PayloadReader.Factory {

  // Messages within messages; nobody writes more.
  private static final int LONGEST_PATH = 32;

  @Override
  public PayloadReader ofContract(EventDraft draft) {
    Descriptor own = own();
    if (own == null) {
      throw new IllegalArgumentException(
          "framing NONE: found a contract in %s, expected one in PROTOBUF: Protobuf's bytes cannot be read without their schema"
              .formatted(contract.source().type()));
    }
    try {
      return reader(own, draft);
    } catch (UndecodableException e) {
      throw new IllegalStateException("a contract can always be read as itself", e);
    }
  }

  @Override
  public PayloadReader of(SchemaText writer, EventDraft draft) throws UndecodableException {
    if (!writer.type().equals(SchemaText.PROTOBUF)) {
      throw incompatible(
          "found a schema of type %s, expected PROTOBUF".formatted(writer.type()), null);
    }
    ProtobufSchema schema;
    Descriptor message;
    try {
      schema = schema(writer);
      message = indexed ? null : chosen(schema);
    } catch (IllegalArgumentException e) {
      throw incompatible("not a Protobuf schema: " + e.getMessage(), e);
    }
    return message == null ? new Indexed(schema, draft) : reader(message, draft);
  }

  /**
   * What of a writer's schema cannot be read.
   *
   * @throws IllegalArgumentException when it is no Protobuf schema
   */
  List<Mismatch> mismatches(SchemaText writer) {
    return ProtobufResolution.of(contract, own(), chosen(schema(writer)));
  }

  private static ProtobufSchema schema(SchemaText text) {
    Map<String, String> imports = new LinkedHashMap<>();
    text.references().forEach(each -> imports.put(each.name(), each.text()));
    return ProtobufSchema.of("schema", text.text(), imports);
  }

  /** The contract's message, where the schema has one of that name, else its first. */
  private Descriptor chosen(ProtobufSchema schema) {
    return schema.file().getMessageTypes().stream()
        .filter(each -> each.getFullName().equals(contract.message()))
        .findFirst()
        .orElseGet(schema::message);
  }

  private @Nullable Descriptor own() {
    String message = contract.message();
    return message == null ? null : schema(contract.source()).message(message);
  }

  private PayloadReader reader(Descriptor writer, EventDraft draft) throws UndecodableException {
    ProtobufRecordReader reader = new ProtobufRecordReader(contract.record(), own(), writer, draft);
    ProtobufInput in = new ProtobufInput(draft.limits());
    return (payload, from, target) -> {
      in.reset(payload, from);
      reader.start();
      reader.read(in, target);
      reader.finish(target);
    };
  }

  private static UndecodableException incompatible(String message, @Nullable Throwable cause) {
    return new UndecodableException(Reason.INCOMPATIBLE_SCHEMA, message, null, cause);
  }

  /** Reads the path to the message, then the message. Source: Confluent's wire format. */
  private final class Indexed implements PayloadReader {
    private final ProtobufSchema schema;
    private final EventDraft draft;
    private final ProtobufInput in;
    private final Map<List<Integer>, PayloadReader> byPath = new HashMap<>();
    private final List<Integer> first = List.of(0);
    private @Nullable PayloadReader ofFirst;

    Indexed(ProtobufSchema schema, EventDraft draft) {
      this.schema = schema;
      this.draft = draft;
      this.in = new ProtobufInput(draft.limits());
    }

    @Override
    public void read(byte[] payload, int from, EventDraft target) throws UndecodableException {
      if (from < payload.length && payload[from] == 0) {
        if (ofFirst == null) {
          ofFirst = reader(first);
        }
        ofFirst.read(payload, from + 1, target);
        return;
      }
      in.reset(payload, from);
      List<Integer> path = path();
      PayloadReader reader = byPath.get(path);
      if (reader == null) {
        reader = reader(path);
        byPath.put(path, reader);
      }
      reader.read(payload, in.take(0), target);
    }

    private List<Integer> path() throws UndecodableException {
      long count = zigzag(in.readVarint());
      if (count < 1 || count > LONGEST_PATH) {
        throw malformed("%d message indexes".formatted(count), "1 to " + LONGEST_PATH);
      }
      long[] path = new long[(int) count];
      for (int i = 0; i < path.length; i++) {
        path[i] = zigzag(in.readVarint());
      }
      return IntStream.range(0, path.length)
          .mapToObj(i -> path[i] == (int) path[i] ? (int) path[i] : -1)
          .toList();
    }

    /** What cannot be read is as well kept as what can; a path that leads nowhere is not. */
    private PayloadReader reader(List<Integer> path) throws UndecodableException {
      Descriptor message;
      try {
        message = schema.message(path.stream().mapToInt(Integer::intValue).toArray());
      } catch (IllegalArgumentException e) {
        throw malformed("message indexes that lead to no message", "those of one in the schema");
      }
      try {
        return ProtobufReaders.this.reader(message, draft);
      } catch (UndecodableException refusal) {
        return (payload, from, target) -> {
          throw refusal;
        };
      }
    }

    private static long zigzag(long value) {
      return (value >>> 1) ^ -(value & 1);
    }

    private static UndecodableException malformed(String found, String expected) {
      return new UndecodableException(
          Reason.MALFORMED, "payload: found %s, expected %s".formatted(found, expected));
    }
  }
}
