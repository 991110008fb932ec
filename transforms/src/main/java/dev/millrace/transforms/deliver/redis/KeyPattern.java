package dev.millrace.transforms.deliver.redis;

import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a name of an event: {@code customer:{customer_id}}.
 *
 * @param texts before, between and behind the columns: one more than these are
 */
record KeyPattern(List<String> texts, List<Column> columns) implements Serializable {

  private static final Pattern COLUMN = Pattern.compile("\\{([^{}]*)}");

  /**
   * Finds the columns.
   *
   * @throws IllegalArgumentException when there are none, or one of them is no column
   */
  static KeyPattern of(String pattern, EventLayout layout) {
    List<String> texts = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    Matcher matcher = COLUMN.matcher(pattern);
    int end = 0;
    while (matcher.find()) {
      texts.add(pattern.substring(end, matcher.start()));
      columns.add(layout.column(matcher.group(1)));
      end = matcher.end();
    }
    texts.add(pattern.substring(end));
    if (columns.isEmpty()) {
      throw new IllegalArgumentException(
          "found key '%s', expected a column in it, as customer:{customer_id}".formatted(pattern));
    }
    return new KeyPattern(List.copyOf(texts), List.copyOf(columns));
  }

  /** The column that is null in {@code event}, for which there is no name then; null for none. */
  @Nullable Column missing(Event event) {
    for (Column column : columns) {
      if (column.isNull(event)) {
        return column;
      }
    }
    return null;
  }

  String name(Event event) {
    StringBuilder name = new StringBuilder(texts.get(0));
    for (int i = 0; i < columns.size(); i++) {
      name.append(columns.get(i).text(event)).append(texts.get(i + 1));
    }
    return name.toString();
  }
}
