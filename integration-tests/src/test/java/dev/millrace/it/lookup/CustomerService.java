package dev.millrace.it.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web service of customers, for those who show a token. */
final class CustomerService implements AutoCloseable {

  final Map<String, String> customers = new ConcurrentHashMap<>();
  final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final String token;

  CustomerService(String token) throws IOException {
    this.token = token;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/customers/", this::answer);
    server.createContext("/moved/", exchange -> send(exchange, 302, ""));
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:%d/customers/{key}".formatted(server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    if (!token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      send(exchange, 401, "");
      return;
    }
    String key = exchange.getRequestURI().getPath().substring("/customers/".length());
    String customer = customers.get(key);
    send(exchange, customer == null ? 404 : 200, customer == null ? "" : customer);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
