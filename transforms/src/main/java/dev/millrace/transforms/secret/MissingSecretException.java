package dev.millrace.transforms.secret;

import org.jspecify.annotations.Nullable;

/** A secret is not where it was said to be, on this machine and at this moment. */
public final class MissingSecretException extends RuntimeException {

  MissingSecretException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
