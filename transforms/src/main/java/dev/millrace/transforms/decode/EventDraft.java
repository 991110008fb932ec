package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event being decoded, for all formats: each field is set at most once, what no one set takes
 * the contract's default, and the id and time are checked. Reusable; not thread-safe.
 */
final class EventDraft {

  static final int LONGEST_ID = 1_000;
  // The years that ISO-8601 can write without a sign: 0001 to 9999.
  private static final long EARLIEST = -62_135_596_800_000L;
  private static final long LATEST = 253_402_300_799_999L;

  private final Contract contract;
  private final EventBuilder builder;
  private final Column[] columns;
  private final BitSet seen = new BitSet();
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private final CharsetEncoder encoder = UTF_8.newEncoder();
  private final int idIndex;
  private final int timeIndex;
  private @Nullable String id;
  private long time;
  private boolean timed;
  private boolean unfinished;

  EventDraft(Contract contract) {
    this.contract = contract;
    this.builder = new EventBuilder(contract.layout());
    this.columns = contract.layout().columns().toArray(new Column[0]);
    this.idIndex = contract.id().index();
    this.timeIndex = contract.time().index();
  }

  /** Starts an event, with nothing set: what is left of one that failed is forgotten. */
  void start() {
    if (unfinished) {
      builder.clear();
    }
    unfinished = true;
    seen.clear();
    id = null;
    timed = false;
  }

  /**
   * Notes that a payload gives this field, be it as null.
   *
   * @throws UndecodableException when it gave it before
   */
  void see(ContractField field) throws UndecodableException {
    if (seen.get(field.index())) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "field '%s': found twice, expected once, by one of the names %s"
              .formatted(field.name(), field.names()));
    }
    seen.set(field.index());
  }

  void setBoolean(int field, boolean value) {
    builder.setBoolean(columns[field], value);
  }

  void setInt(int field, int value) {
    builder.setInt(columns[field], value);
    if (field == idIndex) {
      id = Integer.toString(value);
    }
  }

  /** A long, or a timestamp in milliseconds. */
  void setLong(int field, long value) {
    builder.setLong(columns[field], value);
    if (field == timeIndex) {
      time = value;
      timed = true;
    } else if (field == idIndex) {
      id = Long.toString(value);
    }
  }

  void setFloat(int field, float value) {
    builder.setFloat(columns[field], value);
  }

  void setDouble(int field, double value) {
    builder.setDouble(columns[field], value);
  }

  void setBytes(int field, byte[] bytes, int from, int length) {
    builder.setBytes(columns[field], bytes, from, length);
  }

  /** A string as UTF-8, which is checked. */
  void setUtf8(int field, byte[] bytes, int from, int length) throws UndecodableException {
    if (!isUtf8(bytes, from, length)) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "field '%s': found bytes that are not UTF-8, expected a string"
              .formatted(columns[field].name()));
    }
    builder.setBytes(columns[field], bytes, from, length);
    if (field == idIndex) {
      id = new String(bytes, from, length, UTF_8);
    }
  }

  /** A string, or an enum's symbol. */
  void setText(ContractField field, String value) throws UndecodableException {
    if (!field.symbols().isEmpty() && !field.symbols().contains(value)) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "field '%s': found another symbol, expected %s"
              .formatted(field.name(), field.expected()));
    }
    if (!encoder.canEncode(value)) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "field '%s': found half a surrogate pair, expected a string".formatted(field.name()));
    }
    builder.setString(columns[field.index()], value);
    if (field.index() == idIndex) {
      id = value;
    }
  }

  /** Gives every field that was not seen its default. */
  void complete() throws UndecodableException {
    List<ContractField> fields = contract.fields();
    for (int i = seen.nextClearBit(0); i < fields.size(); i = seen.nextClearBit(i + 1)) {
      setDefault(fields.get(i));
    }
  }

  /** The default of a field that the payload does not give. */
  void setDefault(ContractField field) throws UndecodableException {
    if (!field.optional()) {
      throw new UndecodableException(
          isIdentity(field) ? Reason.INVALID : Reason.MALFORMED,
          "field '%s': found nothing, expected %s: the contract has no default for it"
              .formatted(field.name(), field.expected()));
    }
    Object value = field.defaultValue();
    if (value instanceof String text) {
      setText(field, text);
    } else if (value instanceof Long number) {
      setLong(field.index(), number);
    } else if (value instanceof Integer number) {
      setInt(field.index(), number);
    } else {
      builder.setValue(columns[field.index()], value);
    }
  }

  /** The event of what was set. */
  Event finish(Origin origin) throws UndecodableException {
    if (id == null || id.isEmpty()) {
      throw invalid(contract.id(), id == null ? "null" : "an empty text", "the event's id");
    }
    // A char is at most three bytes, so most ids need not be counted.
    if (id.length() > LONGEST_ID / 3 && id.getBytes(UTF_8).length > LONGEST_ID) {
      int found = id.getBytes(UTF_8).length;
      throw invalid(contract.id(), found + " bytes", "an id of at most " + LONGEST_ID + " bytes");
    }
    if (!timed) {
      throw invalid(contract.time(), "null", "the event's time");
    }
    if (time < EARLIEST || time > LATEST) {
      throw invalid(contract.time(), time + " ms", "a time in the years 1 to 9999");
    }
    Event event = builder.build(id, time, origin);
    unfinished = false;
    return event;
  }

  private boolean isIdentity(ContractField field) {
    return field.index() == idIndex || field.index() == timeIndex;
  }

  private static UndecodableException invalid(ContractField field, String found, String expected) {
    return new UndecodableException(
        Reason.INVALID,
        "field '%s': found %s, expected %s".formatted(field.name(), found, expected));
  }

  private boolean isUtf8(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] < 0) {
        try {
          decoder.decode(ByteBuffer.wrap(bytes, i, from + length - i));
          return true;
        } catch (CharacterCodingException e) {
          return false;
        }
      }
    }
    return true;
  }
}
