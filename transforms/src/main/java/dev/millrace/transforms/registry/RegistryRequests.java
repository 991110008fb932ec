package dev.millrace.transforms.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests to a registry, repeated while their failure is one that passes. */
final class RegistryRequests {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryRequests.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ConfluentRegistry registry;
  private final HttpClient http;

  RegistryRequests(ConfluentRegistry registry) {
    this.registry = registry;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(registry.timeout())
            .build();
  }

  /** The answer, whatever its status, but for a server's errors: those are asked again. */
  HttpResponse<String> get(String path) {
    return patiently(request(path).GET().build());
  }

  HttpResponse<String> post(String path, String json) {
    return patiently(
        request(path)
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  /** As {@link #get}, without asking again. */
  HttpResponse<String> once(String path) {
    try {
      return send(request(path).GET().build());
    } catch (IOException e) {
      throw unavailable(e, 1);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(registry.url() + path))
        .timeout(registry.timeout())
        .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
  }

  private HttpResponse<String> patiently(HttpRequest request) {
    long deadline = System.nanoTime() + registry.patience().toNanos();
    long pause = registry.firstPause().toNanos();
    for (int tries = 1; ; tries++) {
      try {
        return send(request);
      } catch (IOException e) {
        // Between half of the pause and all of it, so that workers do not ask in step.
        long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
        if (System.nanoTime() + jittered > deadline) {
          throw unavailable(e, tries);
        }
        LOG.warn("{}: {}; asking again", registry, describe(e));
        sleep(jittered);
        pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
      }
    }
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<String>> future =
        http.sendAsync(request, BodyHandlers.ofString());
    try {
      // The request's own timeout ends with the headers; this one covers the body too.
      HttpResponse<String> response =
          future.get(registry.timeout().toMillis(), TimeUnit.MILLISECONDS);
      int status = response.statusCode();
      if (status >= 500 || status == 429 || status == 408) {
        throw new IOException("answer " + status);
      }
      return response;
    } catch (ExecutionException e) {
      throw new IOException(describe(e.getCause() == null ? e : e.getCause()), e);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException("no answer within " + registry.timeout().toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaSourceUnavailableException(registry + ": interrupted while asking", e);
    }
  }

  private SchemaSourceUnavailableException unavailable(IOException cause, int tries) {
    return new SchemaSourceUnavailableException(
        "%s: found it unreachable (%s) in %d tries, expected Confluent's interface there"
            .formatted(registry, describe(cause), tries),
        cause);
  }

  private static String describe(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaSourceUnavailableException(registry + ": interrupted while waiting", e);
    }
  }
}
