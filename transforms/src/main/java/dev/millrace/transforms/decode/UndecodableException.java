package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.registry.SchemaId;
import org.jspecify.annotations.Nullable;

/**
 * A record can never be decoded. The message says what was found and what was expected, by name,
 * type and size; it holds no value of the payload, so that it may be logged.
 */
public final class UndecodableException extends Exception {

  private final Reason reason;
  private final @Nullable SchemaId schemaId;

  public UndecodableException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  /**
   * @param schemaId by which the record names its schema, where it does
   */
  public UndecodableException(
      Reason reason, String message, @Nullable SchemaId schemaId, @Nullable Throwable cause) {
    // Without a stack trace: where it was thrown says nothing about the payload, and a topic full
    // of bad ones must not cost more than a topic of good ones.
    super(message, cause, false, false);
    this.reason = reason;
    this.schemaId = schemaId;
  }

  public Reason reason() {
    return reason;
  }

  public @Nullable SchemaId schemaId() {
    return schemaId;
  }

  /** Never null, unlike {@link #getMessage}. */
  public String message() {
    return String.valueOf(getMessage());
  }

  UndecodableException withSchemaId(SchemaId id) {
    return new UndecodableException(reason, message(), id, getCause());
  }
}
