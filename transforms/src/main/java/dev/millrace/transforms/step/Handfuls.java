package dev.millrace.transforms.step;

import dev.millrace.transforms.event.Event;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What waits between a function and the thread that works for it: on the way there handfuls of
 * events, {@value #MOST} at most, then the function waits until half of them are worked on; on the
 * way back what became of them. To wake a thread costs as much as some events do: so neither is
 * woken for a handful that it would only look at.
 */
final class Handfuls {

  private static final int MOST = 8;

  /**
   * At least so long between two handfuls of which the second is not full: they share the cost of a
   * call, and the wake-up of every thread behind it.
   */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Condition done = lock.newCondition();
  private final Deque<Handful> waiting = new ArrayDeque<>();
  private boolean atWork;
  private long began = System.nanoTime() - PAUSE_NANOS;
  private List<Handful.Results> results = new ArrayList<>();
  private volatile boolean anyResults;
  private @Nullable Throwable failure;

  /**
   * Adds an event, behind all that wait.
   *
   * @throws IOException when a handful before failed
   */
  void add(Event event, Instant timestamp, BoundedWindow window) throws IOException {
    lock.lock();
    try {
      Handful last = waiting.peekLast();
      if (last == null || last.isFull()) {
        if (waiting.size() == MOST) {
          await(() -> waiting.size() <= MOST / 2);
        }
        check();
        last = new Handful();
        waiting.add(last);
        if (System.nanoTime() - began >= PAUSE_NANOS) { // before, the thread looks by itself
          more.signal();
        }
      }
      last.add(event, timestamp, window);
      if (last.isFull()) {
        more.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes all that waits, for the function to work on itself, when nothing before it is under way.
   *
   * @throws IOException when a handful before failed
   */
  List<Handful> takeRest() throws IOException {
    lock.lock();
    try {
      List<Handful> rest = List.copyOf(waiting);
      waiting.clear();
      await(() -> !atWork);
      return rest;
    } finally {
      lock.unlock();
    }
  }

  /** What came of the work so far, in order; from the function's thread. */
  void giveOut(Outlet out) throws IOException {
    if (anyResults) {
      List<Handful.Results> given;
      lock.lock();
      try {
        given = results;
        results = new ArrayList<>();
        anyResults = false;
      } finally {
        lock.unlock();
      }
      for (Handful.Results one : given) {
        one.giveOut(out);
      }
    }
  }

  /**
   * Begins a bundle.
   *
   * @throws IllegalStateException after one that failed
   */
  void expectNone() {
    lock.lock();
    try {
      if (failure != null || atWork || !waiting.isEmpty()) {
        throw new IllegalStateException("a function is not used again after a bundle that failed");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for what to do next, for the thread; to be followed by {@link #done}. */
  Handful take() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        Handful first = waiting.peek();
        long now = System.nanoTime();
        long early = began + PAUSE_NANOS - now;
        if (first != null && (first.isFull() || early <= 0)) {
          began = now;
          atWork = true;
          return waiting.remove();
        }
        if (early > 0) {
          more.awaitNanos(early);
        } else {
          more.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes what came of the thread's handful. */
  void done(Handful.Results came) {
    lock.lock();
    try {
      atWork = false;
      if (!came.isEmpty()) {
        results.add(came);
        anyResults = true;
      }
      if (waiting.size() <= MOST / 2) {
        done.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is worked on any more: the function hears of it, and so fails its bundle. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      done.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Until then the thread works; the lock is free meanwhile. */
  private void await(BooleanSupplier ready) throws IOException {
    try {
      while (failure == null && !ready.getAsBoolean()) {
        done.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a bundle's work was under way", e);
    }
    check();
  }

  private void check() throws IOException {
    if (failure instanceof IOException thrown) {
      throw thrown;
    }
    if (failure != null) {
      throw new IOException("found a failure aside: " + failure, failure);
    }
  }
}
