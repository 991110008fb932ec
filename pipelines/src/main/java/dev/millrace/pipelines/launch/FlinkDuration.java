package dev.millrace.pipelines.launch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Flink's settings have them: {@code 100 ms}, {@code 1min}; a number alone is ms. */
final class FlinkDuration {

  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*([a-z]*)");

  private FlinkDuration() {}

  /**
   * @throws IllegalArgumentException for what is no duration of whole milliseconds
   */
  static long millis(String text) {
    Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (form.matches()) {
      long count = Long.parseLong(form.group(1));
      switch (form.group(2)) {
        case "", "ms", "milli", "millis", "millisecond", "milliseconds" -> {
          return count;
        }
        case "s", "sec", "secs", "second", "seconds" -> {
          return Math.multiplyExact(count, 1_000L);
        }
        case "m", "min", "minute", "minutes" -> {
          return Math.multiplyExact(count, 60_000L);
        }
        case "h", "hour", "hours" -> {
          return Math.multiplyExact(count, 3_600_000L);
        }
        case "d", "day", "days" -> {
          return Math.multiplyExact(count, 86_400_000L);
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException(
        "found '%s', expected a duration as 100 ms, 1 s or 10 min".formatted(text));
  }
}
