package dev.millrace.transforms.decode;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Times as text: ISO-8601 date and time, {@code T} or a space between them, with an offset; without
 * one it is UTC. What is finer than the unit is cut off. All digits are a number in the unit.
 */
public final class Timestamps {

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          // Else 30 February would be the 28th.
          .withResolverStyle(ResolverStyle.STRICT);

  private Timestamps() {}

  /** Milliseconds since 1970-01-01T00:00Z, or nothing when {@code text} is no time. */
  public static OptionalLong parse(String text) {
    return parse(text, 1_000);
  }

  /** Microseconds since 1970-01-01T00:00Z, or nothing when {@code text} is no time. */
  static OptionalLong parseMicros(String text) {
    return parse(text, 1_000_000);
  }

  private static OptionalLong parse(String text, long unitsInSecond) {
    OptionalLong usual = IsoTime.parse(text, unitsInSecond);
    return usual.isPresent() ? usual : parseAny(text, unitsInSecond);
  }

  /** Whatever the rules allow, by java.time: right, and ten times slower than {@link IsoTime}. */
  static OptionalLong parseAny(String text, long unitsInSecond) {
    try {
      if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return OptionalLong.of(Long.parseLong(text));
      }
      boolean spaced = text.length() > 10 && text.charAt(10) == ' ';
      String iso = spaced ? text.substring(0, 10) + "T" + text.substring(11) : text;
      TemporalAccessor time = ISO.parseBest(iso, Instant::from, LocalDateTime::from);
      Instant instant =
          time instanceof LocalDateTime local
              ? local.toInstant(ZoneOffset.UTC)
              : Instant.from(time);
      long parts = instant.getNano() / (1_000_000_000 / unitsInSecond);
      return OptionalLong.of(Math.multiplyExact(instant.getEpochSecond(), unitsInSecond) + parts);
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }
}
