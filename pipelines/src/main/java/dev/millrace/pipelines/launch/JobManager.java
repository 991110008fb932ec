package dev.millrace.pipelines.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one that a cluster is asked by.
 *
 * @param address as {@code --flinkMaster} has it: host and port, with or without {@code http://}
 */
public record JobManager(String address) {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int DEFAULT_PORT = 8081;

  /**
   * What the cluster was configured with; defaults are not in it.
   *
   * @throws IOException when it does not answer, or not as Flink does
   */
  public Map<String, String> configuration() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    for (JsonNode entry : get("/jobmanager/config")) {
      settings.put(entry.path("key").asText(), entry.path("value").asText());
    }
    return settings;
  }

  /** Flink's version, as {@code 1.19.3}. */
  public String version() throws IOException {
    return get("/config").path("flink-version").asText();
  }

  private JsonNode get(String path) throws IOException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    try {
      HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("found status " + response.statusCode() + ", expected 200");
      }
      return new ObjectMapper().readTree(response.body());
    } catch (IllegalArgumentException e) {
      throw new IOException("found no address, expected HOST:PORT", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private URI uri(String path) {
    URI root = URI.create(address.contains("://") ? address : "http://" + address);
    String port = root.getPort() == -1 ? ":" + DEFAULT_PORT : "";
    return URI.create(root.getScheme() + "://" + root.getAuthority() + port + path);
  }
}
