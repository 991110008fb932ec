package dev.millrace.transforms.decode;

import org.jspecify.annotations.Nullable;

/**
 * Where schemas are kept did not answer, or not with an answer: a record that needs one is neither
 * good nor bad, and the bundle must be tried again.
 */
public final class SchemaSourceUnavailableException extends RuntimeException {

  public SchemaSourceUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
