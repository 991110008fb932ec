package dev.millrace.it.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.pipelines.services.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A web service in a process of its own, as those are that decisions are posted to: what it was
 * given is in a file before it answers. It lets in who knows a token, and takes no alert about a
 * payment whose id ends in {@code 113}.
 */
final class AlertService implements AutoCloseable {

  private final Path file;
  private final int port;
  private Process process;

  private AlertService(Path file, int port) throws IOException {
    this.file = file;
    this.port = port;
    this.process = launch();
  }

  /** Starts it; it keeps what it is given in {@code folder}. */
  static AlertService start(Path folder) throws IOException {
    return new AlertService(Files.createFile(folder.resolve("alerts")), FreePort.pick());
  }

  String url() {
    return "http://127.0.0.1:" + port + "/alerts";
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void restart() throws IOException {
    process = launch();
  }

  /** The bodies of the posts under each idempotency key. */
  Map<String, List<String>> alerts() throws IOException {
    Map<String, List<String>> alerts = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", 2);
      alerts.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(parts[1]);
    }
    return alerts;
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                AlertService.class.getName(),
                file.toString(),
                Integer.toString(port))
            .inheritIO()
            .start();
    while (!answers()) {
      if (!started.isAlive()) {
        throw new IOException("found the service ended with code " + started.exitValue());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        started.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
    return started;
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The service itself: the file it keeps alerts in, and its port. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
    HttpServer http = HttpServer.create(address, 0);
    http.createContext("/alerts", exchange -> take(exchange, file));
    http.setExecutor(Executors.newFixedThreadPool(4));
    http.start();
  }

  private static void take(HttpExchange exchange, Path file) throws IOException {
    String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status;
    if (!"Bearer let-me-in".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      status = 401;
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      status = 405;
    } else if (key.endsWith("113\"")) {
      status = 422;
    } else {
      write(file, key + " " + new String(body, UTF_8) + "\n");
      status = 201;
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static synchronized void write(Path file, String line) throws IOException {
    Files.writeString(file, line, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
  }
}
