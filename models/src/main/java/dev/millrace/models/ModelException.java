package dev.millrace.models;

import org.jspecify.annotations.Nullable;

/**
 * A model that cannot be served: missing, damaged, or not what was asked for. The message names the
 * place, what was found there and what was expected. It is unchecked because whoever meets it can
 * only report it and stop.
 */
public final class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The usual form: {@code place: found this, expected that}. */
  public static ModelException at(Object place, String found, String expected) {
    return new ModelException(place + ": found " + found + ", expected " + expected);
  }
}
