package dev.millrace.transforms.deliver.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A web service that answers 200 but where it was planned otherwise, key by key. */
final class PlannedService implements AutoCloseable {

  /** One request, as it came. */
  record Call(String method, String key, String type, String login, String body, long nanos) {}

  final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final Map<String, Queue<Integer>> plans = new ConcurrentHashMap<>();
  private volatile Supplier<String> retryAfter = () -> "";
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;

  PlannedService() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/decisions";
  }

  /** The next answers for a key; the last of them for good. */
  void answer(String key, Integer... statuses) {
    plans.put(key, new ConcurrentLinkedQueue<>(List.of(statuses)));
  }

  /** What {@code Retry-After} says in answers other than 200, when each is given. */
  void retryAfter(Supplier<String> value) {
    retryAfter = value;
  }

  private void handle(HttpExchange exchange) throws IOException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Call call =
        new Call(
            exchange.getRequestMethod(),
            header(exchange, "Idempotency-Key"),
            header(exchange, "Content-Type"),
            header(exchange, "Authorization"),
            body,
            System.nanoTime());
    calls.add(call);
    Queue<Integer> plan = plans.get(call.method.equals("HEAD") ? "HEAD" : call.key);
    int status = plan == null ? 200 : plan.size() > 1 ? plan.remove() : plan.element();
    byte[] text = (status == 200 ? "" : "no thanks").getBytes(UTF_8);
    exchange.getResponseHeaders().add("Location", "/elsewhere");
    String after = retryAfter.get();
    if (status != 200 && !after.isEmpty()) {
      exchange.getResponseHeaders().add("Retry-After", after);
    }
    atOnce.decrementAndGet();
    boolean none = call.method.equals("HEAD") || text.length == 0;
    exchange.sendResponseHeaders(status, none ? -1 : text.length);
    if (!none) {
      exchange.getResponseBody().write(text);
    }
    exchange.close();
  }

  private static String header(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
