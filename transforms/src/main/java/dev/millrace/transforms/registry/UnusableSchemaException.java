package dev.millrace.transforms.registry;

/**
 * The source has the schema, but it cannot be used: it is too large, or what it refers to goes in a
 * circle or is not there. Asking again would not help the records that were written with it.
 */
public final class UnusableSchemaException extends RuntimeException {

  /** The message names the schema, what was found and what was expected. */
  public UnusableSchemaException(String message) {
    super(message);
  }
}
