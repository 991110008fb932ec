package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.RecordType;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.util.UUID;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/**
 * An event being decoded, for all formats: values are set by their field's index, in any order, and
 * the id and time are checked at the end. What is not set is null; a reader sets the default of
 * what the payload lacks. Items of a list have drafts of their own. Reusable; not thread-safe.
 */
final class EventDraft {

  static final int LONGEST_ID = 1_000;
  // The years that ISO-8601 can write without a sign: 0001 to 9999.
  private static final long EARLIEST = -62_135_596_800_000L;
  private static final long LATEST = 253_402_300_799_999L;

  private static final byte[] ZERO = {0};

  private final Limits limits;
  private final EventDraft whole;
  private final EventBuilder builder;
  private final Column[] columns;
  private final @Nullable Column id;
  private final @Nullable Column time;
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private int items;

  EventDraft(Contract contract, Limits limits) {
    this(contract.layout(), limits, null);
  }

  private EventDraft(EventLayout layout, Limits limits, @Nullable EventDraft whole) {
    this.limits = limits;
    this.whole = whole == null ? this : whole;
    this.builder = new EventBuilder(layout);
    this.columns = layout.columns().toArray(new Column[0]);
    this.id = layout.id();
    this.time = layout.time();
  }

  /** The draft of a list's items, or of a map's values: each an event of one field. */
  EventDraft ofItems(ContractField item) {
    return new EventDraft(EventLayout.of(RecordType.ofOne(item).beamSchema()), limits, whole);
  }

  Limits limits() {
    return limits;
  }

  /** Starts an event, with nothing set: what is left of one that failed is forgotten. */
  void start() {
    builder.clear();
    items = 0;
  }

  /** Starts an item, which counts against the limit. */
  void startItem() throws UndecodableException {
    builder.clear();
    if (++whole.items > limits.items()) {
      throw limits.tooMany();
    }
  }

  /** Says that a record that may be null is there. */
  void setPresent(ContractField field) {
    if (field.nullable()) {
      builder.setPresent(columns[field.index()]);
    }
  }

  /** Takes back what was set of a field, as by a later member of a Protobuf {@code oneof}. */
  void setNull(ContractField field) {
    if (field.type() instanceof Nested nested) {
      nested.record().fields().forEach(this::setNull);
    }
    if (field.index() >= 0) {
      builder.setNull(columns[field.index()]);
    }
  }

  void setBoolean(int field, boolean value) {
    builder.setBoolean(columns[field], value);
  }

  /** An int, the days of a date, or the index of an enum's symbol. */
  void setInt(int field, int value) {
    builder.setInt(columns[field], value);
  }

  /** A long, or a timestamp in its field's unit. */
  void setLong(int field, long value) {
    builder.setLong(columns[field], value);
  }

  void setFloat(int field, float value) {
    builder.setFloat(columns[field], value);
  }

  void setDouble(int field, double value) {
    builder.setDouble(columns[field], value);
  }

  void setUuid(int field, UUID value) {
    builder.setUuid(columns[field], value);
  }

  /** Bytes of the right size. */
  void setBytes(int field, byte[] bytes, int from, int length) {
    builder.setBytes(columns[field], bytes, from, length);
  }

  /** Bytes whose size is checked. */
  void setBytes(ContractField field, byte[] bytes) throws UndecodableException {
    int size = ((Scalar) field.type()).size();
    if (size > 0 && bytes.length != size) {
      throw malformed(field, bytes.length + " bytes");
    }
    builder.setBytes(columns[field.index()], bytes, 0, bytes.length);
  }

  /** A string as UTF-8, which is checked. */
  void setUtf8(ContractField field, byte[] bytes, int from, int length)
      throws UndecodableException {
    if (!isUtf8(bytes, from, length)) {
      throw malformed(field, "bytes that are not UTF-8");
    }
    builder.setBytes(columns[field.index()], bytes, from, length);
  }

  /** The string of a map's key. */
  String utf8(ContractField field, byte[] bytes, int from, int length) throws UndecodableException {
    if (!isUtf8(bytes, from, length)) {
      throw malformed(field, "a key of bytes that are not UTF-8");
    }
    return new String(bytes, from, length, UTF_8);
  }

  void setString(ContractField field, String value) throws UndecodableException {
    builder.setString(columns[field.index()], checked(field, value));
  }

  /** A string that can be written as UTF-8. */
  String checked(ContractField field, String value) throws UndecodableException {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (i + 1 == value.length()
            || !Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1))) {
          throw malformed(field, "half a surrogate pair");
        }
        i++;
      }
    }
    return value;
  }

  void setSymbol(ContractField field, String symbol) throws UndecodableException {
    int index = ((Scalar) field.type()).symbol(symbol);
    if (index < 0) {
      throw malformed(field, "another symbol");
    }
    builder.setInt(columns[field.index()], index);
  }

  /** A decimal, if it has no more digits than its field. */
  void setDecimal(ContractField field, BigDecimal value) throws UndecodableException {
    Scalar scalar = (Scalar) field.type();
    if (value.signum() == 0) {
      builder.setBytes(columns[field.index()], ZERO, 0, 1);
      return;
    }
    // Of 1e999999999 all digits would be written out.
    if (value.precision() - (long) value.scale() > scalar.precision() - scalar.scale()
        || value.stripTrailingZeros().scale() > scalar.scale()) {
      throw malformed(
          field, "a decimal of precision %d, scale %d".formatted(value.precision(), value.scale()));
    }
    BigInteger unscaled = value.setScale(scalar.scale(), RoundingMode.UNNECESSARY).unscaledValue();
    byte[] bytes = unscaled.toByteArray();
    builder.setBytes(columns[field.index()], bytes, 0, bytes.length);
  }

  /** A value as Beam's {@code Row} holds it, a list or a map among them. */
  void setValue(ContractField field, @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (field.type() instanceof Nested nested) {
      setPresent(field);
      for (ContractField each : nested.record().fields()) {
        setValue(each, ((Row) value).getValue(each.name()));
      }
    } else {
      builder.setValue(columns[field.index()], value);
    }
  }

  /** The default of a field that the payload does not give. */
  void setDefault(ContractField field) throws UndecodableException {
    if (!field.optional()) {
      throw new UndecodableException(
          isIdentity(field) ? Reason.INVALID : Reason.MALFORMED,
          "field '%s': found nothing, expected %s: the contract has no default for it"
              .formatted(field.path(), field.expected()));
    }
    setValue(field, field.defaultValue());
  }

  /** What was set of an item, as Beam's {@code Row} holds it. */
  @Nullable Object item() {
    return builder.build(Origin.NONE).toRow().getValue(0);
  }

  /** The event of what was set; where the contract is not of events, without an id and a time. */
  Event finish(Origin origin) throws UndecodableException {
    Event event = builder.build(origin);
    return id == null || time == null
        ? event
        : event.withIdentity(checkedId(event, id), checkedTime(event, time));
  }

  private static byte[] checkedId(Event event, Column column) throws UndecodableException {
    byte[] utf8 = column.utf8(event);
    if (utf8.length == 0) {
      throw invalid(column, column.isNull(event) ? "null" : "an empty text", "the event's id");
    }
    if (utf8.length > LONGEST_ID) {
      throw invalid(column, utf8.length + " bytes", "an id of at most " + LONGEST_ID + " bytes");
    }
    return utf8;
  }

  private static long checkedTime(Event event, Column column) throws UndecodableException {
    if (column.isNull(event)) {
      throw invalid(column, "null", "the event's time");
    }
    long millis = column.getMillis(event);
    if (millis < EARLIEST || millis > LATEST) {
      throw invalid(column, millis + " ms", "a time in the years 1 to 9999");
    }
    return millis;
  }

  private boolean isIdentity(ContractField field) {
    return (id != null && field.index() == id.index())
        || (time != null && field.index() == time.index());
  }

  private static UndecodableException invalid(Column column, String found, String expected) {
    return new UndecodableException(
        Reason.INVALID,
        "field '%s': found %s, expected %s".formatted(column.name(), found, expected));
  }

  static UndecodableException malformed(ContractField field, String found) {
    return new UndecodableException(
        Reason.MALFORMED,
        "field '%s': found %s, expected %s".formatted(field.path(), found, field.expected()));
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
