package dev.millrace.transforms.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.registry.CappedBody;
import dev.millrace.transforms.secret.MissingSecretException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a web service for objects. */
final class HttpServer implements Server {

  /** How many requests are under way from one JVM. */
  static final int CONNECTIONS = 16;

  /** For a key that no object has, to find out who may ask. */
  private static final String NOBODY = "millrace-launch-check";

  private static final Set<Integer> REFUSED = Set.of(401, 403);
  private static final Set<Integer> NONE = Set.of(404, 410);

  private final HttpObjects source;
  private final KeyTemplate template;
  private final LookupColumns columns;
  private final HttpClient http;

  HttpServer(HttpObjects source, LookupColumns columns) {
    this.source = source;
    this.template = new KeyTemplate(source.url());
    this.columns = columns;
    this.http =
        HttpClient.newBuilder()
            // Without TLS there is nothing to agree on another version by but a header.
            .version(source.url().startsWith("https:") ? Version.HTTP_2 : Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Questions.CONNECTING)
            .build();
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int keysAtOnce() {
    return 1;
  }

  @Override
  public int connections() {
    return CONNECTIONS;
  }

  /** As {@link ReferenceSource#check}. */
  void check() throws IOException {
    HttpResponse<byte[]> response;
    try {
      response = send(NOBODY, Questions.CONNECTING);
    } catch (MissingSecretException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    int status = response.statusCode();
    if (REFUSED.contains(status)) {
      throw new IllegalArgumentException(
          "%s: found answer %d, expected headers by which it lets in who asks"
              .formatted(name(), status));
    }
    if (status / 100 == 3) {
      throw new IllegalArgumentException(
          "%s: found a redirect (%d), expected the address that it leads to"
              .formatted(name(), status));
    }
    if (mayPass(status)) {
      throw new IOException("answer %d".formatted(status));
    }
  }

  /** Whether it says more about the service than about the key. */
  private static boolean mayPass(int status) {
    boolean redirect = status / 100 == 3;
    return redirect || status >= 500 || status == 429 || status == 408 || REFUSED.contains(status);
  }

  /** Requests have the client's connections; a login is in each. */
  @Override
  public Session connect(Duration patience) {
    AnswerReader reader = new AnswerReader(columns);
    return new Session() {
      @Override
      public Map<String, Answer> get(List<String> keys) throws IOException {
        Map<String, Answer> answers = new HashMap<>();
        for (String key : keys) {
          // What these two are in an address is another address.
          if (!key.equals(".") && !key.equals("..")) {
            take(key, answers, reader);
          }
        }
        return answers;
      }

      @Override
      public void close() {}
    };
  }

  private void take(String key, Map<String, Answer> into, AnswerReader reader) throws IOException {
    HttpResponse<byte[]> response;
    try {
      response = send(key, Questions.CONNECTING);
    } catch (CappedBody.TooLargeException e) {
      into.put(key, new Answer.Invalid("found an answer of " + e.getMessage()));
      return;
    } catch (MissingSecretException e) {
      throw new IOException(e.getMessage(), e);
    }
    int status = response.statusCode();
    if (mayPass(status)) {
      throw new IOException("answer %d".formatted(status));
    }
    if (status == 200) {
      into.put(key, JsonRecord.answer(response.body(), reader));
    } else if (!NONE.contains(status)) {
      into.put(key, new Answer.Invalid("found answer %d, expected 200 or 404".formatted(status)));
    }
  }

  private HttpResponse<byte[]> send(String key, Duration timeout) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(template.of(key, HttpServer::encode))).timeout(timeout);
    request.header("Accept", "application/json");
    for (Map.Entry<String, String> header : source.resolved().entrySet()) {
      try {
        request.setHeader(header.getKey(), header.getValue());
      } catch (IllegalArgumentException e) {
        // Without the cause, whose message may be the secret.
        throw new IOException("header '%s' is none that may be set".formatted(header.getKey()));
      }
    }
    CompletableFuture<HttpResponse<byte[]>> future =
        http.sendAsync(request.build(), headers -> new CappedBody());
    try {
      // The request's own timeout ends with the headers; this one covers the body too.
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CappedBody.TooLargeException large) {
        throw large;
      }
      String message = e.getCause() == null ? null : e.getCause().getMessage();
      throw new IOException(message == null ? String.valueOf(e.getCause()) : message, e);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException("no answer within %d ms".formatted(timeout.toMillis()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking", e);
    }
  }

  private static String encode(String key) {
    return URLEncoder.encode(key, UTF_8).replace("+", "%20");
  }
}
