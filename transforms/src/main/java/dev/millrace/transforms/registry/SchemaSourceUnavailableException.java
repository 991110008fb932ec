package dev.millrace.transforms.registry;

import org.jspecify.annotations.Nullable;

/**
 * Where schemas are kept did not answer, or not with an answer: a record that needs one is neither
 * good nor bad, and must be tried again.
 */
public final class SchemaSourceUnavailableException extends RuntimeException {

  private final @Nullable SchemaId schemaId;

  public SchemaSourceUnavailableException(String message, @Nullable Throwable cause) {
    this(null, message, cause);
  }

  /**
   * @param schemaId of the schema that could not be had
   */
  public SchemaSourceUnavailableException(
      @Nullable SchemaId schemaId, String message, @Nullable Throwable cause) {
    super(schemaId == null ? message : schemaId + ": " + message, cause);
    this.schemaId = schemaId;
  }

  /** Which schema could not be had; null when no single one was asked for. */
  public @Nullable SchemaId schemaId() {
    return schemaId;
  }
}
