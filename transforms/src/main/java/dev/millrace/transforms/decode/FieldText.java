package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Values that a format writes as text: a string as it is, an enum as its symbol, bytes as base64, a
 * date or a timestamp in ISO-8601 or as a number in its unit, a UUID and a decimal in their usual
 * forms.
 */
final class FieldText {

  // Longer than any decimal that a contract can hold needs; parsing takes the square of it.
  private static final int LONGEST_DECIMAL = 1_000;

  private FieldText() {}

  /** Sets a field of none of the numeric types to what {@code text} says. */
  static void read(ContractField field, String text, EventDraft draft) throws UndecodableException {
    int index = field.index();
    try {
      switch (((Scalar) field.type()).column()) {
        case STRING -> draft.setString(field, text);
        case ENUM -> draft.setSymbol(field, text);
        case BYTES -> draft.setBytes(field, Base64.getDecoder().decode(text));
        case UUID -> draft.setUuid(index, uuid(text));
        case TIMESTAMP -> draft.setLong(index, time(field, Timestamps.parse(text)));
        case TIMESTAMP_MICROS -> draft.setLong(index, time(field, Timestamps.parseMicros(text)));
        case DATE -> draft.setInt(index, date(text));
        case DECIMAL -> draft.setDecimal(field, decimal(text));
        default -> throw new IllegalStateException("a number is not read as text: " + field);
      }
    } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
      throw none(field, text);
    }
  }

  /** For messages: what was found, without saying it. */
  static UndecodableException none(ContractField field, String text) {
    String found = text.isEmpty() ? "an empty value" : "text of " + text.length() + " characters";
    return EventDraft.malformed(field, found + " that is none");
  }

  private static UUID uuid(String text) {
    // Java's own parser takes "1-1-1-1-1" too.
    if (text.length() != 36) {
      throw new IllegalArgumentException("no UUID");
    }
    return UUID.fromString(text);
  }

  private static long time(ContractField field, OptionalLong time) throws UndecodableException {
    if (time.isEmpty()) {
      throw EventDraft.malformed(field, "text that is no time");
    }
    return time.getAsLong();
  }

  private static int date(String text) {
    boolean number = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(text) : Math.toIntExact(LocalDate.parse(text).toEpochDay());
  }

  private static BigDecimal decimal(String text) {
    if (text.length() > LONGEST_DECIMAL) {
      throw new IllegalArgumentException("too long");
    }
    return new BigDecimal(text);
  }
}
