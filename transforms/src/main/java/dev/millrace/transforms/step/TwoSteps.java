package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import java.io.IOException;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/** One step, and another on what it gives out. */
final class TwoSteps implements EventStep {

  private final EventStep first;
  private final EventStep second;
  private transient Between between;

  @SuppressWarnings("NullAway.Init") // made on the worker
  TwoSteps(EventStep first, EventStep second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public void setUp() throws Exception {
    between = new Between(second);
    first.setUp();
    second.setUp();
  }

  @Override
  public void startBundle() {
    first.startBundle();
    second.startBundle();
  }

  @Override
  public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
      throws IOException {
    between.out = out;
    first.process(event, timestamp, window, between);
  }

  @Override
  public void drain(Outlet out) throws IOException {
    between.out = out;
    first.drain(between);
    second.drain(out);
  }

  @Override
  public void finish(Outlet out) throws IOException {
    between.out = out;
    first.finish(between);
    second.finish(out);
  }

  @Override
  public Acknowledgement acknowledgement() {
    Acknowledgement ofFirst = first.acknowledgement();
    Acknowledgement ofSecond = second.acknowledgement();
    return () -> {
      ofFirst.await();
      ofSecond.await();
    };
  }

  @Override
  public void tearDown() {
    try {
      first.tearDown();
    } finally {
      second.tearDown();
    }
  }

  private static final class Between implements Outlet {
    private final EventStep next;
    private Outlet out;

    @SuppressWarnings("NullAway.Init") // set before anything is given out
    Between(EventStep next) {
      this.next = next;
    }

    @Override
    public void event(Event event, Instant timestamp, BoundedWindow window) throws IOException {
      next.process(event, timestamp, window, out);
    }

    @Override
    public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window)
        throws IOException {
      out.deadLetter(letter, timestamp, window);
    }
  }
}
