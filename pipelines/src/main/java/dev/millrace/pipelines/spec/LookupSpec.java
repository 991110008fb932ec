package dev.millrace.pipelines.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is looked up about one key of every event.
 *
 * @param key the column whose text is looked up
 * @param columns by the name of the column they become, the fields of a record
 * @param status the column that says what became of it; null for none
 * @param asking how a server is asked
 */
public record LookupSpec(
    String key,
    ReferenceSpec from,
    Map<String, Column> columns,
    @Nullable String status,
    Asking asking) {

  /** The types that a column can have, which are CEL's. */
  public enum Type {
    STRING,
    INT,
    DOUBLE,
    BOOL,
    TIMESTAMP
  }

  /**
   * A field of a record.
   *
   * @param defaultText the default as it was written; null for none
   */
  public record Column(Type type, String field, @Nullable String defaultText) {}

  /** What becomes of events about which nobody answers. */
  public enum WhenUnavailable {
    WAIT,
    DEFAULT
  }

  /**
   * How a server is asked.
   *
   * @param entries how many answers are remembered
   * @param keptFor how long
   * @param breakerPercent of the last questions that must fail for no more to be put
   * @param breakerOf how many questions are looked at
   * @param breakerOpen how long none is put then
   */
  public record Asking(
      int entries,
      Duration keptFor,
      Duration timeout,
      int retries,
      WhenUnavailable whenUnavailable,
      int breakerPercent,
      int breakerOf,
      Duration breakerOpen) {

    /** What holds where nothing is said. */
    public static final Asking DEFAULT =
        new Asking(
            100_000,
            Duration.ofMinutes(10),
            Duration.ofMillis(50),
            2,
            WhenUnavailable.WAIT,
            50,
            20,
            Duration.ofSeconds(10));
  }

  /**
   * Checks that what is made up when nobody answers is whole, and told from what was found.
   *
   * @throws IllegalArgumentException naming what is missing
   */
  public LookupSpec {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("found no columns, expected one or more");
    }
    if (asking.whenUnavailable() == WhenUnavailable.DEFAULT) {
      List<String> without =
          columns.entrySet().stream()
              .filter(column -> column.getValue().defaultText() == null)
              .map(Map.Entry::getKey)
              .toList();
      if (!without.isEmpty()) {
        throw new IllegalArgumentException(
            "found whenUnavailable default, and no default for %s, expected one for each column"
                .formatted(String.join(", ", without)));
      }
      if (status == null) {
        throw new IllegalArgumentException(
            "found whenUnavailable default and no 'status', expected a column that tells what was made up from what was found");
      }
    }
  }

  /** What makes its columns mean what they do, for a version of the features. */
  public String meaning() {
    return Objects.toString(List.of(key, from.meaning(), columns, String.valueOf(status)));
  }
}
