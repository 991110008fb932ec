package dev.millrace.transforms.lookup;

import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts questions to a server, by threads of its own: so a question ends in time whatever the
 * server, its name service or its client do, and to connect may take longer than a question.
 * Whoever gave up on a connection that comes up later leaves it to the next.
 */
final class Questions implements AutoCloseable {

  /** How long a connection may take to come up, or to find out that it is dead. */
  static final Duration CONNECTING = Duration.ofSeconds(5);

  private static final int QUEUED = 1_000;
  private static final int IDLE_SECONDS = 60;

  private final Server server;
  private final ThreadPoolExecutor threads;
  private final Deque<Server.Session> idle = new ConcurrentLinkedDeque<>();
  // Connections that are older than the last failure are not used again.
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean closed;

  Questions(Server server) {
    this.server = server;
    this.threads =
        new ThreadPoolExecutor(
            server.connections(),
            server.connections(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED),
            task -> {
              Thread thread = new Thread(task, "lookup in " + server.name());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Puts a question.
   *
   * @throws IOException when too many are under way
   */
  Future<Map<String, Answer>> put(List<String> keys) throws IOException {
    try {
      return threads.submit(() -> ask(keys));
    } catch (RejectedExecutionException e) {
      throw new IOException("found %d questions waiting already".formatted(QUEUED), e);
    }
  }

  /** Connects, for the first question. */
  Future<?> connect() {
    return threads.submit(
        () -> {
          keep(server.connect(CONNECTING), failures.get());
          return null;
        });
  }

  private Map<String, Answer> ask(List<String> keys) throws IOException {
    Server.Session connection = idle.poll();
    if (connection == null) {
      connection = server.connect(CONNECTING);
    }
    int before = failures.get();
    Map<String, Answer> answers;
    try {
      answers = connection.get(keys);
    } catch (IOException | RuntimeException | Error e) {
      failures.incrementAndGet();
      close(connection);
      // What one found dead, the others are too, and each would cost another question.
      closeIdle();
      throw e;
    }
    keep(connection, before);
    return answers;
  }

  private void keep(Server.Session connection, int failuresBefore) {
    if (failuresBefore == failures.get() && !closed) {
      idle.push(connection);
    } else {
      close(connection);
    }
  }

  private void closeIdle() {
    for (Server.Session each = idle.poll(); each != null; each = idle.poll()) {
      close(each);
    }
  }

  private static void close(Server.Session connection) {
    try {
      connection.close();
    } catch (IOException | RuntimeException e) {
      // It is not used any more, whatever it says to that.
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    closeIdle();
  }
}
