package dev.millrace.pipelines.spec;

import org.jspecify.annotations.Nullable;

/**
 * Where writers' schemas are kept, and as whom it is asked.
 *
 * @param url base URL of a Confluent-compatible schema registry, or a folder of schemas
 * @param user who asks, with {@code password}
 * @param password where the password is to be had, as {@code secret:env:NAME}
 * @param token where a token is to be had, instead of a user and a password
 * @param trust whose certificates are believed, null for Java's list of authorities
 * @param own the certificate that is shown, null for none
 */
public record RegistrySpec(
    String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable String token,
    @Nullable Store trust,
    @Nullable Store own) {

  /**
   * A PKCS12 file.
   *
   * @param path where every worker has it
   * @param password where its password is to be had
   */
  public record Store(String path, String password) {}

  /**
   * Checks that it says one way of asking.
   *
   * @throws IllegalArgumentException when it is half of one, or two
   */
  public RegistrySpec {
    if ((user == null) != (password == null)) {
      throw new IllegalArgumentException(
          "found a %s alone, expected a user and a password, or a token"
              .formatted(user == null ? "password" : "user"));
    }
    if (user != null && token != null) {
      throw new IllegalArgumentException(
          "found a user and a token, expected a user and a password, or a token");
    }
    boolean set = user != null || token != null || trust != null || own != null;
    if (set && !url.contains("://")) {
      throw new IllegalArgumentException(
          "found a login or certificates for a folder of schemas, expected them for an http(s) address");
    }
  }

  /** Asked by anybody. */
  public static RegistrySpec at(String url) {
    return new RegistrySpec(url, null, null, null, null, null);
  }
}
