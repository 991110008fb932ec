package dev.millrace.transforms.lookup;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A column that an event gets, and the field of a record that it is.
 *
 * @param name of the column
 * @param type of both
 * @param field its name in the record
 * @param defaultValue what stands in where there is no record, or it lacks the field; null for none
 */
public record LookupColumn(
    String name, LookupType type, String field, @Nullable Serializable defaultValue)
    implements Serializable {

  /** A column without a default: an event for which there is no value becomes a dead letter. */
  public static LookupColumn of(String name, LookupType type, String field) {
    return new LookupColumn(name, type, field, null);
  }

  /**
   * The same, with a default.
   *
   * @throws IllegalArgumentException when {@code text} is no value of its type
   */
  public LookupColumn withDefault(String text) {
    Object value = type.ofText(text);
    if (value == null) {
      throw new IllegalArgumentException(
          "default of '%s': found '%s', expected %s".formatted(name, text, type.expected()));
    }
    return new LookupColumn(name, type, field, (Serializable) value);
  }
}
