package dev.millrace.pipelines.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them in a spec: {@code 250ms}, {@code 30s}, {@code 7d}. */
public final class DurationText {

  /** The accepted forms, worded for the end of an error message. */
  public static final String FORMS = "a duration such as 250ms, 30s, 15m, 1h or 7d";

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Map<String, Duration> UNITS = units();

  private DurationText() {}

  /**
   * Reads a whole number followed by ms, s, m, h or d.
   *
   * @throws IllegalArgumentException for anything else, saying which forms are accepted
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("found '" + text + "', expected " + FORMS);
    }
    Duration unit = UNITS.getOrDefault(form.group(2), Duration.ZERO);
    return unit.multipliedBy(Long.parseLong(form.group(1)));
  }

  /** Writes a duration in the largest unit that divides it; milliseconds are the finest. */
  public static String format(Duration duration) {
    for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
      long count = duration.dividedBy(unit.getValue());
      if (count > 0 && unit.getValue().multipliedBy(count).equals(duration)) {
        return count + unit.getKey();
      }
    }
    return duration.toMillis() + "ms";
  }

  private static Map<String, Duration> units() {
    Map<String, Duration> largestFirst = new LinkedHashMap<>();
    largestFirst.put("d", Duration.ofDays(1));
    largestFirst.put("h", Duration.ofHours(1));
    largestFirst.put("m", Duration.ofMinutes(1));
    largestFirst.put("s", Duration.ofSeconds(1));
    largestFirst.put("ms", Duration.ofMillis(1));
    return Collections.unmodifiableMap(largestFirst);
  }
}
