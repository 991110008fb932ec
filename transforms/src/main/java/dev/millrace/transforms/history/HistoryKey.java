package dev.millrace.transforms.history;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.history.Feature.Source;
import java.io.Serializable;

/**
 * By what the records of a source are keyed: the text of a column.
 *
 * @param source what the records are to their key's history
 */
public record HistoryKey(Column column, Source source) implements Serializable {

  /**
   * @throws IllegalArgumentException naming the column and its type, when it cannot be a key
   */
  public HistoryKey {
    column = column.asKey("key");
  }

  /** Whether a record has a key. */
  public boolean isIn(Event record) {
    return !column.isNull(record);
  }

  /** The key of a record that has one. */
  public String text(Event record) {
    return column.text(record);
  }

  /** The hash of {@link #text}. */
  public int hash(Event record) {
    return column.textHash(record);
  }

  /** {@link #text} as UTF-8. */
  byte[] utf8(Event record) {
    return column.utf8(record);
  }

  /** That of a record that has none. */
  public DeadLetter missing(Event record) {
    String message = "%s: found null, expected the key of a history".formatted(column.name());
    return DeadLetter.failed(Stage.HISTORY, record, Reason.INVALID, message, null);
  }
}
