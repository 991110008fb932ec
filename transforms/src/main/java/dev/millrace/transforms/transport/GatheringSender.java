package dev.millrace.transforms.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends what waits by a thread of its own, as much as one request takes: a record that comes alone
 * leaves at once, and while a request is under way the next gathers.
 */
abstract class GatheringSender<T> implements RecordSender {

  private final int mostWaiting;
  private final Deque<T> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean closed;
  private @Nullable Thread thread;
  private @Nullable Exception failure;

  /**
   * @param mostWaiting whoever sends more waits: memory is not the place to keep them
   */
  GatheringSender(int mostWaiting) {
    this.mostWaiting = mostWaiting;
  }

  /** The record as it is sent. */
  abstract T outgoing(OutgoingRecord record);

  /** Takes out of what waits, of which there is some, what is to be sent together. */
  abstract List<T> take(Deque<T> from);

  /** Returns when the destination has them all. */
  abstract void put(List<T> together) throws IOException, InterruptedException;

  /** What to say of what {@link #put} threw. */
  abstract String told(Exception cause);

  /** Closes what {@link #put} uses, which is not called any more. */
  abstract void closeClient();

  /** At the end of the constructor. */
  final void start(String name) {
    Thread started = new Thread(this::putAll, name);
    started.setDaemon(true);
    thread = started;
    started.start();
  }

  @Override
  public final synchronized void send(OutgoingRecord record) throws IOException {
    check();
    await(() -> waiting.size() < mostWaiting);
    waiting.add(outgoing(record));
    notifyAll();
  }

  @Override
  public final synchronized void flush() throws IOException {
    await(() -> waiting.isEmpty() && underWay == 0);
  }

  @Override
  public final synchronized void check() throws IOException {
    Exception found = failure;
    if (found != null) {
      throw new IOException(told(found) + "; the bundle is tried again", found);
    }
  }

  @Override
  public final synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Until it is so, or sending has failed. */
  private synchronized void await(BooleanSupplier condition) throws IOException {
    try {
      while (!condition.getAsBoolean() && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while records were sent");
    }
    check();
  }

  private void putAll() {
    try {
      for (List<T> together = next(); !together.isEmpty(); together = next()) {
        put(together);
        done();
      }
    } catch (InterruptedException e) {
      // It was closed.
    } catch (IOException | RuntimeException e) {
      failed(e);
    } finally {
      cannotBeInterrupted();
      closeClient();
    }
  }

  /** What is to be sent together; empty when the sender was closed. */
  private synchronized List<T> next() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    List<T> together = closed ? List.of() : take(waiting);
    underWay = together.size();
    return together;
  }

  private synchronized void done() {
    underWay = 0;
    notifyAll();
  }

  private synchronized void failed(Exception cause) {
    failure = cause;
    notifyAll();
  }

  /** A client that is closed by an interrupted thread may stay half open. */
  private synchronized void cannotBeInterrupted() {
    thread = null;
    boolean unused = Thread.interrupted();
  }
}
