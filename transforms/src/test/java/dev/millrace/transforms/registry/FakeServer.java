package dev.millrace.transforms.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of planned replies: those for a path, else the next of a queue, else 400. */
final class FakeServer implements AutoCloseable {

  private record Reply(int status, String body) {}

  final Queue<String> requests = new ConcurrentLinkedQueue<>();
  final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
  private final Queue<Reply> next = new ConcurrentLinkedQueue<>();
  private final Map<String, Reply> byPath = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;

  FakeServer() {
    // Else head and body of a reply go out 40 ms apart.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  void reply(int status, String body) {
    next.add(new Reply(status, body));
  }

  void replyTo(String path, int status, String body) {
    byPath.put(path, new Reply(status, body));
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  Endpoint endpoint(String path) {
    return new Endpoint(
        "schema registry",
        url() + path,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofMillis(1),
        null,
        null);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + body);
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Reply reply = byPath.get(exchange.getRequestURI().getPath());
    if (reply == null) {
      reply = next.poll();
    }
    byte[] answer = (reply == null ? "unplanned" : reply.body).getBytes(UTF_8);
    exchange.getResponseHeaders().add("Location", "/elsewhere");
    exchange.sendResponseHeaders(reply == null ? 400 : reply.status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
