package dev.millrace.transforms.decode;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Times as text: ISO-8601 date and time, {@code T} or a space between them, with an offset; without
 * one it is UTC. What is finer than a millisecond is cut off. All digits are epoch milliseconds.
 */
final class Timestamps {

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private Timestamps() {}

  /** Milliseconds since 1970-01-01T00:00Z, or nothing when {@code text} is no time. */
  static OptionalLong parse(String text) {
    try {
      if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return OptionalLong.of(Long.parseLong(text));
      }
      boolean spaced = text.length() > 10 && text.charAt(10) == ' ';
      String iso = spaced ? text.substring(0, 10) + "T" + text.substring(11) : text;
      TemporalAccessor time = ISO.parseBest(iso, Instant::from, LocalDateTime::from);
      return OptionalLong.of(
          time instanceof LocalDateTime local
              ? local.toInstant(ZoneOffset.UTC).toEpochMilli()
              : time.getLong(ChronoField.INSTANT_SECONDS) * 1_000
                  + time.get(ChronoField.MILLI_OF_SECOND));
    } catch (DateTimeParseException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
