package dev.millrace.transforms.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.transforms.secret.MissingSecretException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Requests to an endpoint, repeated while their failure is one that passes. */
final class Requests {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final String TYPES =
      "application/vnd.schemaregistry.v1+json, application/json, */*;q=0.5";

  /** An answer, whatever its status; {@code json} is a missing node when the body is none. */
  record Reply(int status, String path, String contentType, String text, JsonNode json) {}

  private final Endpoint endpoint;
  private @Nullable HttpClient http;

  Requests(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * The answer, but for a server's errors: those are asked again for as long as {@code patience}.
   *
   * @throws SchemaSourceUnavailableException when none came
   * @throws UnusableSchemaException when it was too large
   */
  Reply get(String url, Duration patience) {
    return patiently(request(url).GET(), patience);
  }

  Reply post(String url, JsonNode body, Duration patience) {
    return patiently(
        request(url)
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(BodyPublishers.ofString(body.toString())),
        patience);
  }

  /** For one segment of a path. */
  static String encode(String segment) {
    return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
  }

  /** For an answer that is none of the expected. */
  SchemaSourceUnavailableException unexpected(Reply reply, String expected) {
    boolean refused = reply.status == 401 || reply.status == 403;
    return new SchemaSourceUnavailableException(
        "%s: found answer %d to %s, expected %s%s"
            .formatted(
                endpoint,
                reply.status,
                reply.path,
                expected,
                refused
                    ? "; it lets in who it knows: set a user and a password, or a token, that may read"
                    : ""),
        null);
  }

  private HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(endpoint.timeout())
        .header("Accept", TYPES);
  }

  private Reply patiently(HttpRequest.Builder request, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = endpoint.firstPause().toNanos();
    for (int tries = 1; ; tries++) {
      try {
        return send(request);
      } catch (CappedBody.TooLargeException e) {
        throw new UnusableSchemaException(
            "%s: found an answer of %s".formatted(endpoint, e.getMessage()));
      } catch (IOException e) {
        // Between half of the pause and all of it, so that workers do not ask in step.
        long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
        if (System.nanoTime() + jittered > deadline) {
          throw new SchemaSourceUnavailableException(
              "%s: found it unreachable (%s) in %d tries".formatted(endpoint, describe(e), tries),
              e);
        }
        sleep(jittered);
        pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
      }
    }
  }

  private Reply send(HttpRequest.Builder request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> future =
        client().sendAsync(authenticated(request), headers -> new CappedBody());
    try {
      // The request's own timeout ends with the headers; this one covers the body too.
      HttpResponse<byte[]> response =
          future.get(endpoint.timeout().toMillis(), TimeUnit.MILLISECONDS);
      int status = response.statusCode();
      if (status >= 500 || status == 429 || status == 408) {
        throw new IOException("answer " + status);
      }
      String text = new String(response.body(), UTF_8);
      String type = response.headers().firstValue("Content-Type").orElse("");
      return new Reply(status, response.uri().getPath(), type, text, json(text));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof CappedBody.TooLargeException large) {
        throw large;
      }
      forgetCertificates();
      throw new IOException(describe(cause), e);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException("no answer within " + endpoint.timeout().toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaSourceUnavailableException(endpoint + ": interrupted while asking", e);
    }
  }

  /** The secret is read here, for each try: it may have been rotated since the last. */
  private HttpRequest authenticated(HttpRequest.Builder request) throws IOException {
    Authentication authentication = endpoint.authentication();
    if (authentication == null) {
      return request.build();
    }
    String header;
    try {
      header = authentication.header();
    } catch (MissingSecretException e) {
      throw new IOException(e.getMessage(), e);
    }
    try {
      return request.setHeader("Authorization", header).build();
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message is the header with the secret in it.
      throw new IOException("the secret holds characters that no header may have");
    }
  }

  private synchronized HttpClient client() throws IOException {
    if (http == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(endpoint.timeout());
      if (endpoint.tls() != null) {
        builder.sslContext(endpoint.tls().context());
      }
      http = builder.build();
    }
    return http;
  }

  /**
   * So that those that were replaced are read anew. Whether it was for them that a connection broke
   * cannot be told: in TLS 1.3 a server may refuse ours by closing it, after the handshake.
   */
  private synchronized void forgetCertificates() {
    if (endpoint.tls() != null) {
      http = null;
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static String describe(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaSourceUnavailableException(endpoint + ": interrupted while waiting", e);
    }
  }
}
