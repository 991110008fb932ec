package dev.millrace.pipelines.simulation;

/** What is wrong with a delivery. */
public enum Flaw {
  /** Nothing: a payment in its turn, or a report. */
  NONE,
  /** A payment that arrives after one of a later time. */
  OUT_OF_ORDER,
  /** A payment that arrives after one later by {@link Disturbances#lateBy} or more. */
  LATE,
  /** A payment sent again, with the same bytes. */
  DUPLICATE,
  /** A payload whose end is missing. */
  TRUNCATED,
  /** A payload of bytes that no record of the contract begins with; framed, behind a good frame. */
  RANDOM_BYTES,
  /** A payload whose first byte is not 0; without framing, one such byte before the record. */
  WRONG_MAGIC,
  /** A payload of no bytes. */
  EMPTY,
  /** A sound record behind the id of a schema that the registry does not have. */
  UNKNOWN_SCHEMA_ID;

  /** Whether the delivery is the one that brings a unique, valid payment (or a report). */
  public boolean isFirstOfItsId() {
    return this == NONE || this == OUT_OF_ORDER || this == LATE;
  }

  /** Whether the payload can be decoded under no schema. */
  public boolean isMalformed() {
    return this == TRUNCATED || this == RANDOM_BYTES || this == WRONG_MAGIC || this == EMPTY;
  }
}
