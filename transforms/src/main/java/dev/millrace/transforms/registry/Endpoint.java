package dev.millrace.transforms.registry;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where requests for schemas go, and how.
 *
 * @param name what messages call it
 * @param url without a slash at the end
 * @param timeout how long one request may take
 * @param patience how long a caller waits while requests fail
 * @param firstPause before the second request; each later pause is twice as long, up to 5 s
 */
record Endpoint(
    String name,
    String url,
    Duration timeout,
    Duration patience,
    Duration firstPause,
    @Nullable Authentication authentication,
    @Nullable Tls tls)
    implements Serializable {

  /**
   * @throws IllegalArgumentException when {@code url} is not a plain http or https address, or TLS
   *     is set for one without
   */
  Endpoint {
    URI uri = parse(name, url);
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    boolean plain = uri.getUserInfo() == null && uri.getQuery() == null && !url.contains("..");
    if (!web || uri.getHost() == null || !plain || uri.getFragment() != null) {
      throw new IllegalArgumentException(
          "%s: found address '%s', expected http(s)://host:port/path without credentials, query or '..'"
              .formatted(name, withoutCredentials(uri)));
    }
    if (tls != null && !"https".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "%s: found a trust store or a key store for address '%s', expected one of https"
              .formatted(name, url));
    }
    url = url.replaceFirst("/+$", "");
  }

  static Endpoint at(String name, String url) {
    return new Endpoint(
        name,
        url,
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        null,
        null);
  }

  Endpoint withPatience(Duration patience) {
    return new Endpoint(name, url, timeout, patience, firstPause, authentication, tls);
  }

  Endpoint withAuthentication(Authentication authentication) {
    return new Endpoint(name, url, timeout, patience, firstPause, authentication, tls);
  }

  Endpoint withTls(Tls tls) {
    return new Endpoint(name, url, timeout, patience, firstPause, authentication, tls);
  }

  @Override
  public String toString() {
    return name + " " + url;
  }

  private static URI parse(String name, String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      // The exception repeats the address, which may hold credentials.
      throw new IllegalArgumentException(
          name + ": found an address that is none, expected http(s)://host:port/path");
    }
  }

  private static String withoutCredentials(URI uri) {
    return uri.toString().replaceFirst("//[^/@]*@", "//...@");
  }
}
