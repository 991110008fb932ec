package dev.millrace.transforms.expression;

import dev.millrace.transforms.expression.Node.LongNode;
import dev.millrace.transforms.expression.Node.TimestampNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongUnaryOperator;

/** The parts of a timestamp that CEL can ask for, by the name of the overload. */
final class TimestampParts {

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  /**
   * Each from milliseconds of local time. CEL counts months, days of a month and of a year from 0.
   */
  private static final Map<String, LongUnaryOperator> PARTS =
      Map.of(
          "timestamp_to_milliseconds", t -> Math.floorMod(t, SECOND),
          "timestamp_to_seconds", t -> Math.floorMod(t, MINUTE) / SECOND,
          "timestamp_to_minutes", t -> Math.floorMod(t, HOUR) / MINUTE,
          "timestamp_to_hours", t -> Math.floorMod(t, DAY) / HOUR,
          // 1970-01-01 was a Thursday; Sunday is 0.
          "timestamp_to_day_of_week", t -> Math.floorMod(Math.floorDiv(t, DAY) + 4, 7),
          "timestamp_to_day_of_month", t -> date(t).getDayOfMonth() - 1,
          "timestamp_to_day_of_month_1_based", t -> date(t).getDayOfMonth(),
          "timestamp_to_day_of_year", t -> date(t).getDayOfYear() - 1,
          "timestamp_to_month", t -> date(t).getMonthValue() - 1,
          "timestamp_to_year", t -> date(t).getYear());

  private static final String WITH_ZONE = "_with_tz";

  private TimestampParts() {}

  private static LocalDate date(long localMillis) {
    return LocalDate.ofEpochDay(Math.floorDiv(localMillis, DAY));
  }

  static boolean knows(String overload) {
    return PARTS.containsKey(overload);
  }

  static boolean knowsWithZone(String overload) {
    return overload.endsWith(WITH_ZONE) && knows(withoutZone(overload));
  }

  private static String withoutZone(String overload) {
    return overload.substring(0, overload.length() - WITH_ZONE.length());
  }

  private static LongUnaryOperator part(String overload) {
    return Objects.requireNonNull(PARTS.get(overload), overload);
  }

  static LongNode utc(String overload, TimestampNode timestamp) {
    LongUnaryOperator part = part(overload);
    return event -> part.applyAsLong(timestamp.millis(event));
  }

  /**
   * @throws java.time.DateTimeException when there is no such zone
   */
  static LongNode inZone(String overload, TimestampNode timestamp, String zone) {
    LongUnaryOperator part = part(withoutZone(overload));
    ZoneRules rules = ZoneId.of(zone).getRules();
    return event -> part.applyAsLong(local(rules, timestamp.millis(event)));
  }

  private static long local(ZoneRules rules, long millis) {
    ZoneOffset offset = rules.getOffset(Instant.ofEpochMilli(millis));
    return millis + offset.getTotalSeconds() * SECOND;
  }

  /**
   * A timestamp literal.
   *
   * @throws NotCompiled when it is finer than a column can hold
   * @throws java.time.DateTimeException when it is none
   */
  static TimestampNode literal(String text) {
    Instant instant = OffsetDateTime.parse(text).toInstant();
    long millis = instant.toEpochMilli();
    if (!Instant.ofEpochMilli(millis).equals(instant)) {
      throw new NotCompiled();
    }
    return event -> millis;
  }
}
