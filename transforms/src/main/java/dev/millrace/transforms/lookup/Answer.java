package dev.millrace.transforms.lookup;

import dev.millrace.transforms.event.EventPart;

/** What is known of a key. */
public sealed interface Answer {

  /** Its record, as the columns that it becomes. */
  record Found(EventPart part) implements Answer {}

  /**
   * There is a record, and it is not what was declared.
   *
   * @param problem what was found and what was expected, without a value
   */
  record Invalid(String problem) implements Answer {}

  /** There is no record to be had. */
  enum Absent implements Answer {
    /** There is none. */
    MISSING,
    /** Nobody who could be asked answers. */
    UNAVAILABLE
  }
}
