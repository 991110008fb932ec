package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Does a step's work on a thread of its own, so that the function that feeds it goes on meanwhile.
 * Events are handed over {@value #HANDFUL} at a time, in order; at most {@value #MOST_UNDER_WAY}
 * handfuls are under way, then the function waits. What the step gives out comes in order too, from
 * the function's own thread. A bundle finishes when all of its work is done; the last handful, and
 * so all of a small bundle, is done on the function's own thread: an event of a quiet stream never
 * waits for another thread to wake.
 */
final class StepAside implements EventStep {

  private static final int HANDFUL = 128;
  private static final int MOST_UNDER_WAY = 8;
  private static final int LONGEST_STOP_SECONDS = 60;

  private record Passing(Event event, Instant timestamp, BoundedWindow window) {}

  private final EventStep step;
  private transient ExecutorService thread;
  private transient Deque<Future<Results>> underWay;
  private transient List<Passing> handful;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  StepAside(EventStep step) {
    this.step = step;
  }

  @Override
  public void setUp() throws Exception {
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, Thread.currentThread().getName() + " (aside)");
              made.setDaemon(true);
              return made;
            });
    underWay = new ArrayDeque<>();
    handful = new ArrayList<>(HANDFUL);
    step.setUp();
  }

  @Override
  public void startBundle() {
    if (!underWay.isEmpty()) {
      throw new IllegalStateException("a function is not used again after a bundle that failed");
    }
    step.startBundle();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    handful.add(new Passing(event, timestamp, window));
    if (handful.size() >= HANDFUL) {
      while (!underWay.isEmpty()
          && (underWay.size() >= MOST_UNDER_WAY || underWay.peek().isDone())) {
        giveOut(underWay.remove(), out);
      }
      underWay.add(thread.submit(work(handful)));
      handful = new ArrayList<>(HANDFUL);
    }
  }

  @Override
  public void finishBundle(Outlet out) throws IOException {
    while (!underWay.isEmpty()) {
      giveOut(underWay.remove(), out);
    }
    for (Passing one : handful) {
      step.process(one.event, one.timestamp, one.window, out);
    }
    handful.clear();
    step.finishBundle(out);
  }

  @Override
  public void tearDown() {
    try {
      if (thread != null) {
        // What is under way belongs to a bundle that failed. It must not outlive what it works
        // with.
        thread.shutdownNow();
        thread.awaitTermination(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      step.tearDown();
    }
  }

  private Callable<Results> work(List<Passing> events) {
    MetricsContainer metrics = MetricsEnvironment.getCurrentContainer();
    return () -> {
      Results results = new Results();
      try (Closeable scope = MetricsEnvironment.scopedMetricsContainer(metrics)) {
        for (Passing one : events) {
          step.process(one.event, one.timestamp, one.window, results);
        }
      }
      return results;
    };
  }

  private static void giveOut(Future<Results> work, Outlet out) throws IOException {
    try {
      work.get().giveOut(out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a bundle's work was under way", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("found a failure aside: " + e.getCause(), e.getCause());
    }
  }

  /** What a handful gave out, in order. */
  private static final class Results implements Outlet {

    /** One of the two is null. */
    private record Result(
        @Nullable Event event,
        @Nullable DeadLetter letter,
        Instant timestamp,
        BoundedWindow window) {}

    private final List<Result> results = new ArrayList<>();

    @Override
    public void event(Event event, Instant timestamp, BoundedWindow window) {
      results.add(new Result(event, null, timestamp, window));
    }

    @Override
    public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
      results.add(new Result(null, letter, timestamp, window));
    }

    void giveOut(Outlet out) throws IOException {
      for (Result one : results) {
        if (one.event != null) {
          out.event(one.event, one.timestamp, one.window);
        } else if (one.letter != null) {
          out.deadLetter(one.letter, one.timestamp, one.window);
        }
      }
    }
  }
}
