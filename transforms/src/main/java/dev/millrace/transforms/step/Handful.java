package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Events on which a step works together, {@value #MOST} at most. */
final class Handful {

  static final int MOST = 128;

  private record Passing(Event event, Instant timestamp, BoundedWindow window) {}

  private final List<Passing> events = new ArrayList<>(MOST);
  private final @Nullable MetricsContainer metrics = MetricsEnvironment.getCurrentContainer();

  void add(Event event, Instant timestamp, BoundedWindow window) {
    events.add(new Passing(event, timestamp, window));
  }

  boolean isFull() {
    return events.size() == MOST;
  }

  void workOn(EventStep step, Outlet out) throws IOException {
    for (Passing one : events) {
      step.process(one.event, one.timestamp, one.window, out);
    }
    step.drain(out);
  }

  /** The same on another thread: counts where the function does, and keeps what is given out. */
  Results workAside(EventStep step) throws IOException {
    Results results = new Results();
    try (Closeable scope = MetricsEnvironment.scopedMetricsContainer(metrics)) {
      workOn(step, results);
    }
    return results;
  }

  /** What the step gave out, in order. */
  static final class Results implements Outlet {

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

    boolean isEmpty() {
      return results.isEmpty();
    }
  }
}
