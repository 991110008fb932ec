package dev.millrace.transforms.lookup;

import dev.millrace.transforms.contract.ValueType;
import dev.millrace.transforms.decode.Timestamps;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/** What a looked-up column can be: the types that an expression knows. */
public enum LookupType {
  STRING("a string"),
  INT("a whole number of 64 bits"),
  DOUBLE("a finite number"),
  BOOL("true or false"),
  TIMESTAMP("a timestamp (ISO-8601 or epoch milliseconds)");

  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,19}");
  // Java's own parser also takes "1f", "0x1p3", "NaN" and blanks around.
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?");

  private final String expected;

  LookupType(String expected) {
    this.expected = expected;
  }

  /** The word for it in a specification, which is CEL's. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  FieldType fieldType() {
    return switch (this) {
      case STRING -> FieldType.STRING;
      case INT -> FieldType.INT64;
      case DOUBLE -> FieldType.DOUBLE;
      case BOOL -> FieldType.BOOLEAN;
      case TIMESTAMP -> FieldType.DATETIME;
    };
  }

  /** For the end of a message. */
  String expected() {
    return expected;
  }

  /** Whether values of a contract's field can be of this type. */
  boolean fits(ValueType field) {
    if (!(field instanceof ValueType.Scalar scalar)) {
      return false;
    }
    return switch (scalar.column()) {
      case STRING -> this == STRING || this == TIMESTAMP;
      case ENUM, UUID -> this == STRING;
      case BOOLEAN -> this == BOOL;
      case INT32 -> this == INT || this == DOUBLE;
      case INT64 -> this == INT || this == DOUBLE || this == TIMESTAMP;
      case FLOAT, DOUBLE -> this == DOUBLE;
      case DECIMAL -> this == DOUBLE || (this == INT && scalar.scale() == 0);
      case TIMESTAMP, TIMESTAMP_MICROS, DATE -> this == TIMESTAMP;
      case BYTES, LIST, MAP, RECORD -> false;
    };
  }

  /**
   * A value that a source has typed: a {@code String}, {@code Long}, {@code Double}, {@code
   * Boolean} or {@code Instant}; null when it is none of this type. Text is a string or a
   * timestamp, never a number.
   */
  @Nullable Object of(Object value) {
    return switch (this) {
      case STRING -> isText(value) ? value.toString() : null;
      case INT -> whole(value);
      case DOUBLE -> value instanceof Number number ? finite(number.doubleValue()) : null;
      case BOOL -> value instanceof Boolean ? value : null;
      case TIMESTAMP -> {
        if (value instanceof Long || value instanceof Integer) {
          yield Instant.ofEpochMilli(((Number) value).longValue());
        }
        yield value instanceof CharSequence ? ofText(value.toString()) : instant(value);
      }
    };
  }

  /** A value that a source has only as text; null when it is none of this type. */
  @Nullable Object ofText(String text) {
    try {
      return switch (this) {
        case STRING -> text;
        case INT -> WHOLE.matcher(text).matches() ? Long.valueOf(text) : null;
        case DOUBLE -> NUMBER.matcher(text).matches() ? finite(Double.parseDouble(text)) : null;
        case BOOL ->
            switch (text) {
              case "1", "true", "TRUE", "True" -> true;
              case "0", "false", "FALSE", "False" -> false;
              default -> null;
            };
        case TIMESTAMP -> {
          var millis = Timestamps.parse(text);
          yield millis.isPresent() ? Instant.ofEpochMilli(millis.getAsLong()) : null;
        }
      };
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean isText(Object value) {
    return value instanceof CharSequence
        || value instanceof UUID
        || value instanceof GenericEnumSymbol;
  }

  private static @Nullable Instant instant(Object value) {
    if (value instanceof LocalDate date) {
      return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    return value instanceof Instant instant ? instant : null;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static @Nullable Long whole(Object value) {
    try {
      if (value instanceof BigInteger big) {
        return big.longValueExact();
      }
      if (value instanceof BigDecimal decimal) {
        return decimal.longValueExact();
      }
    } catch (ArithmeticException e) {
      return null;
    }
    boolean isWhole =
        value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte;
    return isWhole ? ((Number) value).longValue() : null;
  }
}
