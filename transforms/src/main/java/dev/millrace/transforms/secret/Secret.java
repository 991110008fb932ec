package dev.millrace.transforms.secret;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a secret is to be had: it travels with the pipeline instead of the secret, which is read
 * anew, on the worker, at each use. So one that is rotated is picked up without a restart, and none
 * is in the pipeline's description, its checkpoints or its logs.
 *
 * <pre>{@code
 * Secret.of("secret:env:REGISTRY_PASSWORD")
 * Secret.of("secret:file:/run/secrets/registry")
 * }</pre>
 *
 * @param reference {@code secret:env:NAME}, a variable of the worker's environment, or {@code
 *     secret:file:PATH}, a file on the worker, whose last line break is no part of the secret
 */
public record Secret(String reference) implements Serializable {

  private static final String ENVIRONMENT = "secret:env:";
  private static final String FILE = "secret:file:";
  private static final String FORMS = "secret:env:NAME or secret:file:PATH";

  /**
   * Checks the form, and that only: the secret itself may be where the workers are.
   *
   * @throws IllegalArgumentException for any other text, which it does not repeat: it may be the
   *     secret itself
   */
  public Secret {
    if (reference.startsWith("secret:gcp:")) {
      throw new IllegalArgumentException(
          "found a secret of Google's Secret Manager (secret:gcp:), which is not supported yet, expected "
              + FORMS);
    }
    boolean known =
        reference.matches(ENVIRONMENT + "[A-Za-z_][A-Za-z0-9_]*")
            || (reference.startsWith(FILE) && reference.length() > FILE.length());
    if (!known) {
      throw new IllegalArgumentException(
          "found %s, expected where it is to be had: %s"
              .formatted(
                  reference.startsWith("secret:")
                      ? "a reference of another form"
                      : "a secret in plain text",
                  FORMS));
    }
  }

  /** The secret that is to be had there. */
  public static Secret of(String reference) {
    return new Secret(reference);
  }

  /**
   * The secret as it is now.
   *
   * @throws MissingSecretException when it is not there
   */
  public String value() {
    return reference.startsWith(ENVIRONMENT) ? ofEnvironment() : ofFile();
  }

  private String ofEnvironment() {
    String value = System.getenv(reference.substring(ENVIRONMENT.length()));
    if (value == null || value.isEmpty()) {
      throw new MissingSecretException(
          this + ": found no such variable or an empty one, expected the secret", null);
    }
    return value;
  }

  private String ofFile() {
    String value;
    try {
      value = Files.readString(Path.of(reference.substring(FILE.length())));
    } catch (IOException e) {
      throw new MissingSecretException(
          "%s: found no file that can be read (%s), expected the secret"
              .formatted(this, e.getClass().getSimpleName()),
          e);
    }
    value = value.replaceFirst("\\R\\z", "");
    if (value.isEmpty()) {
      throw new MissingSecretException(this + ": found an empty file, expected the secret", null);
    }
    return value;
  }

  /** The reference; never the secret. */
  @Override
  public String toString() {
    return reference;
  }
}
