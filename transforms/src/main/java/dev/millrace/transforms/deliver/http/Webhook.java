package dev.millrace.transforms.deliver.http;

import dev.millrace.transforms.secret.MissingSecretException;
import dev.millrace.transforms.secret.Secret;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An address to post to, and how.
 *
 * @param headers by name; a value may be a secret's reference
 * @param timeout of one post
 * @param patience how long a post is tried again
 * @param inFlight how many posts may be under way
 */
record Webhook(
    String url, Map<String, String> headers, Duration timeout, Duration patience, int inFlight)
    implements Serializable {

  /** What {@link WebhookCaller} sets, or the client by itself. */
  private static final List<String> OWN =
      List.of("idempotency-key", "content-type", "content-length", "host", "connection", "expect");

  private static final String REFERENCE = "secret:";

  static Webhook at(String url) {
    return new Webhook(url, Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(30), 16);
  }

  Webhook {
    URI uri = parse(url);
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException(
          "found a url that is none of a web service, expected http(s)://host:port/path without credentials; what authorises goes into headers, as secret:env:NAME");
    }
    TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = Collections.unmodifiableMap(sorted);
    headers.forEach(
        (name, value) -> {
          checkName(name);
          if (value.startsWith(REFERENCE)) {
            Secret.of(value);
            checkConfidential(uri, name);
          }
        });
    if (timeout.isNegative() || timeout.isZero() || inFlight < 1) {
      throw new IllegalArgumentException(
          "found timeout %s and %d posts under way, expected both to be more than none"
              .formatted(timeout, inFlight));
    }
  }

  Webhook withHeaders(Map<String, String> headers) {
    return new Webhook(url, headers, timeout, patience, inFlight);
  }

  Webhook withTimeout(Duration timeout) {
    return new Webhook(url, headers, timeout, patience, inFlight);
  }

  Webhook withPatience(Duration patience) {
    return new Webhook(url, headers, timeout, patience, inFlight);
  }

  Webhook withInFlight(int inFlight) {
    return new Webhook(url, headers, timeout, patience, inFlight);
  }

  /**
   * Looks whether the service answers.
   *
   * @throws IllegalArgumentException when it cannot be reached, or does not let in who asks
   */
  void check() {
    int status;
    try (WebhookCaller caller = caller()) {
      status = caller.look();
    } catch (IOException | MissingSecretException e) {
      throw new IllegalArgumentException(
          "%s: found it unreachable (%s), expected a web service that answers"
              .formatted(this, WebhookCaller.describe(e)),
          e);
    }
    if (status == 401 || status == 403) {
      throw new IllegalArgumentException(
          "%s: found answer %d, expected to be let in: set what authorises in headers, as Authorization: secret:env:NAME"
              .formatted(this, status));
    }
  }

  /** Sends posts, for one function. */
  WebhookCaller caller() {
    return new WebhookCaller(this);
  }

  /** The headers with their secrets, as these are now. */
  void addTo(HttpRequest.Builder request) {
    headers.forEach(
        (name, value) -> {
          String sent = value.startsWith(REFERENCE) ? Secret.of(value).value() : value;
          try {
            request.setHeader(name, sent);
          } catch (IllegalArgumentException e) {
            // Without the cause, whose message is the value, which may be a secret.
            throw new IllegalArgumentException(
                "header %s: found characters that no header may have".formatted(name));
          }
        });
  }

  /** Without its query, which may be a key. */
  @Override
  public String toString() {
    return url.replaceFirst("\\?.*", "");
  }

  private static URI parse(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      // The exception repeats the address, which may hold credentials.
      throw new IllegalArgumentException(
          "found a url that is none, expected http(s)://host:port/path");
    }
  }

  private static void checkName(String name) {
    if (OWN.contains(name.toLowerCase(Locale.ROOT))
        || !name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      throw new IllegalArgumentException(
          "found a header '%s', expected the name of one that is not set already (as are %s)"
              .formatted(name, String.join(", ", OWN)));
    }
  }

  private static void checkConfidential(URI uri, String name) {
    if ("http".equals(uri.getScheme()) && !isHere(uri.getHost())) {
      throw new IllegalArgumentException(
          "found a secret in header '%s' for an address of http, over which all on the way can read it, expected https"
              .formatted(name));
    }
  }

  private static boolean isHere(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }
}
