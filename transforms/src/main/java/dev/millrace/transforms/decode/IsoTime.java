package dev.millrace.transforms.decode;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Times as nearly all writers write them: {@code 2026-01-31T12:00:00}, with or without a fraction,
 * {@code Z} or an offset, read without java.time's general parser, which took half of all the time
 * that a JSON payload took.
 */
final class IsoTime {

  private static final int SECONDS_END = 19;
  private static final int MOST_DIGITS = 9;

  private IsoTime() {}

  /** Units since 1970-01-01T00:00Z; empty for what is not written so, be it a time or none. */
  static OptionalLong parse(String text, long unitsInSecond) {
    if (text.length() < SECONDS_END
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) != 'T' && text.charAt(10) != ' ')
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return OptionalLong.empty();
    }
    int hour = digits(text, 11, 2);
    int minute = digits(text, 14, 2);
    int second = digits(text, 17, 2);
    int fractionEnd = fractionEnd(text);
    int offset = offset(text, fractionEnd);
    long day = day(text);
    boolean usual =
        hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    if (!usual || fractionEnd < 0 || offset == Integer.MIN_VALUE || day == Long.MIN_VALUE) {
      return OptionalLong.empty();
    }
    long seconds = day * 86_400 + hour * 3_600L + minute * 60L + second - offset;
    return OptionalLong.of(
        seconds * unitsInSecond + fraction(text, SECONDS_END + 1, fractionEnd, unitsInSecond));
  }

  private static int digits(String text, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static long day(String text) {
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 2);
    int day = digits(text, 8, 2);
    if (year < 0 || month < 1 || day < 1) {
      return Long.MIN_VALUE;
    }
    try {
      return LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      return Long.MIN_VALUE;
    }
  }

  /** Behind the fraction of a second, or the seconds where there is none; -1 for an odd one. */
  private static int fractionEnd(String text) {
    if (text.length() == SECONDS_END || text.charAt(SECONDS_END) != '.') {
      return SECONDS_END;
    }
    int end = SECONDS_END + 1;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    int count = end - SECONDS_END - 1;
    return count < 1 || count > MOST_DIGITS ? -1 : end;
  }

  /** What is finer than the unit is cut off. */
  private static long fraction(String text, int from, int to, long unitsInSecond) {
    long value = 0;
    long unit = unitsInSecond;
    for (int i = from; i < to && unit > 1; i++) {
      unit /= 10;
      value += (text.charAt(i) - '0') * unit;
    }
    return value;
  }

  /** In seconds; the smallest int for an odd one. */
  private static int offset(String text, int from) {
    int left = text.length() - from;
    if (from < 0 || left == 0 || (left == 1 && text.charAt(from) == 'Z')) {
      return 0;
    }
    char sign = text.charAt(from);
    if (left != 6 || (sign != '+' && sign != '-') || text.charAt(from + 3) != ':') {
      return Integer.MIN_VALUE;
    }
    int hours = digits(text, from + 1, 2);
    int minutes = digits(text, from + 4, 2);
    if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
      return Integer.MIN_VALUE;
    }
    int seconds = hours * 3_600 + minutes * 60;
    return sign == '+' ? seconds : -seconds;
  }
}
