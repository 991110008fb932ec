package dev.millrace.it.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** What stands before a registry in a company: TLS, and a look at who asks. */
final class Gate implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String registry;
  private final HttpsServer server;
  private volatile @Nullable String expected;

  /**
   * @param registry whom those are led to who are let in
   * @param asksForCertificate whether only those are who show one that is trusted
   */
  Gate(Certificates certificates, String registry, boolean asksForCertificate)
      throws IOException, GeneralSecurityException {
    this.registry = registry.replaceFirst("/apis/.*", "");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(certificates.serverContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = getSSLContext().getDefaultSSLParameters();
            tls.setNeedClientAuth(asksForCertificate);
            parameters.setSSLParameters(tls);
          }
        });
    server.createContext("/", this::lead);
    server.setExecutor(threads);
    server.start();
  }

  /** The {@code Authorization} that is let in from now on. */
  void expect(String authorization) {
    expected = authorization;
  }

  String url() {
    return "https://localhost:" + server.getAddress().getPort() + "/apis/ccompat/v7";
  }

  private void lead(HttpExchange exchange) throws IOException {
    try (exchange) {
      String shown = exchange.getRequestHeaders().getFirst("Authorization");
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (expected != null && !Objects.equals(expected, shown)) {
        exchange.getResponseHeaders().add("WWW-Authenticate", "Basic");
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(registry + exchange.getRequestURI()))
              .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (type != null) {
        request.header("Content-Type", type);
      }
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(response.statusCode(), response.body().length);
      exchange.getResponseBody().write(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
