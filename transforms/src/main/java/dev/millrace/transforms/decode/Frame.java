package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads from a record by which schema it was written. Not thread-safe. */
abstract class Frame {

  private static final int IDS_KEPT = 1_000;

  /** How many bytes of the payload it takes. */
  final int length;

  private Frame(int length) {
    this.length = length;
  }

  /**
   * @throws UndecodableException when the record does not say it
   */
  abstract SchemaId schemaOf(RawRecord record) throws UndecodableException;

  /**
   * @param encoding how the payload is written, for a frame that says it: {@code BINARY} or {@code
   *     JSON}
   */
  static Frame of(Framing framing, String encoding) {
    return of(framing, encoding, "value");
  }

  /** The frame of Kafka's keys; what {@link #schemaOf} is given has the key as its payload. */
  static Frame ofKeys(Framing framing) {
    return of(framing, "BINARY", "key");
  }

  private static Frame of(Framing framing, String encoding, String half) {
    return switch (framing) {
      case CONFLUENT -> new Confluent();
      case SINGLE_OBJECT -> new SingleObject();
      case HEADERS -> new Headers(half, encoding);
      case PUBSUB -> new Pubsub(encoding);
      case NONE -> throw new IllegalArgumentException("no framing says nothing about a schema");
    };
  }

  /** Ids by their numbers, so that none is made for each record. */
  private static final class Ids<N> {
    private final Map<N, SchemaId> known = new HashMap<>();

    SchemaId of(N number, Function<N, SchemaId> id) {
      if (known.size() >= IDS_KEPT) {
        known.clear();
      }
      return known.computeIfAbsent(number, id);
    }
  }

  private static final class Confluent extends Frame {
    private final Ids<Integer> ids = new Ids<>();

    Confluent() {
      super(AvroFrame.CONFLUENT_LENGTH);
    }

    @Override
    SchemaId schemaOf(RawRecord record) throws UndecodableException {
      byte[] payload = record.payload();
      if (payload[0] != AvroFrame.MAGIC || payload.length < length) {
        throw missing(payload, "0x00, the schema's id in 4 bytes, and a record");
      }
      return ids.of(ByteBuffer.wrap(payload).getInt(1), SchemaId::of);
    }
  }

  private static final class SingleObject extends Frame {
    private final Ids<Long> ids = new Ids<>();

    SingleObject() {
      super(AvroFrame.SINGLE_OBJECT_LENGTH);
    }

    @Override
    SchemaId schemaOf(RawRecord record) throws UndecodableException {
      byte[] payload = record.payload();
      boolean marked = payload.length >= length && payload[0] == (byte) 0xc3 && payload[1] == 0x01;
      if (!marked) {
        throw missing(payload, "0xc3 0x01, the schema's fingerprint in 8 bytes, and a record");
      }
      ByteBuffer bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
      return ids.of(bytes.getLong(2), SchemaId::fingerprint);
    }
  }

  private static final class Headers extends Frame {
    private final Ids<Long> globalIds = new Ids<>();
    private final Ids<Long> contentIds = new Ids<>();
    private final String globalIdName;
    private final String contentIdName;
    private final String encodingName;
    private final String expected;

    Headers(String half, String expected) {
      super(0);
      this.globalIdName = "apicurio.%s.globalId".formatted(half);
      this.contentIdName = "apicurio.%s.contentId".formatted(half);
      this.encodingName = "apicurio.%s.encoding".formatted(half);
      this.expected = expected;
    }

    @Override
    SchemaId schemaOf(RawRecord record) throws UndecodableException {
      checkEncoding(encodingName, record.attribute(encodingName), expected);
      byte[] globalId = record.attribute(globalIdName);
      byte[] contentId = record.attribute(contentIdName);
      if (globalId != null) {
        return globalIds.of(number(globalIdName, globalId), SchemaId::globalId);
      }
      if (contentId != null) {
        return contentIds.of(number(contentIdName, contentId), SchemaId::contentId);
      }
      throw new UndecodableException(
          Reason.MALFORMED,
          "headers: found neither %s nor %s, expected one of them"
              .formatted(globalIdName, contentIdName));
    }

    private static long number(String name, byte[] value) throws UndecodableException {
      if (value.length != Long.BYTES) {
        throw new UndecodableException(
            Reason.MALFORMED,
            "header %s: found %d bytes, expected 8".formatted(name, value.length));
      }
      return ByteBuffer.wrap(value).getLong();
    }
  }

  private static final class Pubsub extends Frame {
    private static final String NAME = "googclient_schemaname";
    private static final String REVISION = "googclient_schemarevisionid";
    private static final String ENCODING = "googclient_schemaencoding";

    private final Ids<String> ids = new Ids<>();
    private final String expected;

    Pubsub(String expected) {
      super(0);
      this.expected = expected;
    }

    @Override
    SchemaId schemaOf(RawRecord record) throws UndecodableException {
      checkEncoding(ENCODING, record.attribute(ENCODING), expected);
      String revision = required(NAME, record) + "@" + required(REVISION, record);
      try {
        return ids.of(revision, SchemaId::revision);
      } catch (IllegalArgumentException e) {
        throw new UndecodableException(
            Reason.MALFORMED,
            "attributes: found no name of a schema's revision, expected projects/P/schemas/S in %s"
                .formatted(NAME));
      }
    }

    private static String required(String name, RawRecord record) throws UndecodableException {
      byte[] value = record.attribute(name);
      if (value == null || value.length == 0) {
        throw new UndecodableException(
            Reason.MALFORMED,
            "attributes: found no %s, expected the schema that Pub/Sub checked the message by"
                .formatted(name));
      }
      return new String(value, UTF_8);
    }
  }

  private static void checkEncoding(String name, byte @Nullable [] value, String expected)
      throws UndecodableException {
    if (value != null && !new String(value, UTF_8).equalsIgnoreCase(expected)) {
      throw new UndecodableException(
          Reason.MALFORMED, "%s: found another encoding, expected %s".formatted(name, expected));
    }
  }

  private static UndecodableException missing(byte[] payload, String expected) {
    return new UndecodableException(
        Reason.MALFORMED,
        "payload: found first byte 0x%02x and %d bytes, expected %s"
            .formatted(payload[0], payload.length, expected));
  }
}
