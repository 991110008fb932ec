package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** A step as a function of its own. */
final class StepFn extends DoFn<Event, Event> {

  private final EventStep step;
  private final TupleTag<Event> events;
  private final TupleTag<DeadLetter> deadLetters;
  private transient FunctionOutlet outlet;

  @SuppressWarnings("NullAway.Init") // the outlet is made on the worker
  StepFn(EventStep step, TupleTag<Event> events, TupleTag<DeadLetter> deadLetters) {
    this.step = step;
    this.events = events;
    this.deadLetters = deadLetters;
  }

  @Setup
  public void setUp() throws Exception {
    outlet = new FunctionOutlet(events, deadLetters);
    step.setUp();
  }

  @StartBundle
  public void startBundle() {
    step.startBundle();
  }

  @ProcessElement
  public void process(
      @Element Event event,
      @Timestamp Instant timestamp,
      BoundedWindow window,
      MultiOutputReceiver out)
      throws IOException {
    step.process(event, timestamp, window, outlet.during(out));
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws IOException {
    step.finishBundle(outlet.atEnd(context));
  }

  @Teardown
  public void tearDown() {
    step.tearDown();
  }

  /**
   * An event that waited is emitted while a later one is processed. Nothing becomes late by it: a
   * runner holds the watermark for the elements of a running bundle.
   */
  @Override
  @SuppressWarnings("deprecation") // there is no other way to say so
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }
}
