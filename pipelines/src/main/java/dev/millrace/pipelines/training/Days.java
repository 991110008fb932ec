package dev.millrace.pipelines.training;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.LocalDate;

/** Some days in a row, in UTC, the last one included. */
public record Days(LocalDate first, LocalDate last) {

  public Days {
    if (last.isBefore(first)) {
      throw new IllegalArgumentException(
          "found days from %s to %s, expected the last one not before the first"
              .formatted(first, last));
    }
  }

  /** So many days from {@code first} on. */
  public static Days from(LocalDate first, int number) {
    return new Days(first, first.plusDays(number - 1L));
  }

  public boolean contains(Instant time) {
    LocalDate day = time.atZone(UTC).toLocalDate();
    return !day.isBefore(first) && !day.isAfter(last);
  }

  /** Whether all of the other days are among these. */
  public boolean contains(Days other) {
    return !other.first.isBefore(first) && !other.last.isAfter(last);
  }

  @Override
  public String toString() {
    return first + " to " + last;
  }
}
