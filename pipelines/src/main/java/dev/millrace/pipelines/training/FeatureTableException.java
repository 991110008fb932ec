package dev.millrace.pipelines.training;

import org.jspecify.annotations.Nullable;

/** A feature table that is not what is needed; the message names the place, found and expected. */
public final class FeatureTableException extends RuntimeException {

  FeatureTableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static FeatureTableException at(Object place, String found, String expected) {
    return new FeatureTableException(place + ": found " + found + ", expected " + expected, null);
  }
}
