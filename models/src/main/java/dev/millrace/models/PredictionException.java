package dev.millrace.models;

import org.jspecify.annotations.Nullable;

/**
 * A batch that a model could not predict. When one element is known to be the cause the message
 * names it by its position, the input, what was found and what was expected. The model itself is
 * unharmed.
 */
public final class PredictionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public PredictionException(String message) {
    super(message);
  }

  public PredictionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
