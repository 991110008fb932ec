package dev.millrace.pipelines.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a JobManager by its <a
 * href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/ops/rest_api/">REST
 * API</a>. Thread-safe.
 */
public final class FlinkRest {

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
  private final String host;
  private final int port;

  private FlinkRest(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /** Of {@code host:port}, as {@code --flinkMaster} has it. */
  public static FlinkRest of(String flinkMaster) {
    URI uri = URI.create("http://" + flinkMaster.replaceFirst("^https?://", ""));
    if (uri.getHost() == null || uri.getPort() < 0) {
      throw new IllegalArgumentException(
          "flinkMaster: found '%s', expected HOST:PORT of a JobManager's REST API"
              .formatted(flinkMaster));
    }
    return new FlinkRest(uri.getHost(), uri.getPort());
  }

  int port() {
    return port;
  }

  /** The base address, which is also the web UI's. */
  public String url() {
    return "http://" + host + ":" + port;
  }

  /**
   * The answer to a GET.
   *
   * @throws IOException when there is none, or another than 2xx; the message holds what Flink says
   */
  public JsonNode get(String path) throws IOException {
    return ask(request(path).GET().build());
  }

  /** The answer to a POST of JSON; without a body for null. */
  public JsonNode post(String path, @Nullable String json) throws IOException {
    return ask(
        request(path)
            .header("Content-Type", "application/json")
            .POST(json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
            .build());
  }

  /** The answer to a PATCH, which is how a job is cancelled. */
  public JsonNode patch(String path) throws IOException {
    return ask(request(path).method("PATCH", BodyPublishers.noBody()).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path)).timeout(ANSWER);
  }

  private JsonNode ask(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IOException(
            "%s %s answered %d: %s"
                .formatted(
                    request.method(), request.uri(), response.statusCode(), response.body()));
      }
      return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking " + request.uri());
    }
  }
}
