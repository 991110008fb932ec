package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Gives to the outputs of a function. Beam has one receiver for each element and another for a
 * bundle's end; what is given out meanwhile may belong to any element of the bundle, so it takes
 * its own timestamp and window along.
 */
public final class FunctionOutlet implements Outlet {

  private final TupleTag<Event> events;
  private final TupleTag<DeadLetter> deadLetters;
  private @Nullable MultiOutputReceiver element;
  private DoFn<?, Event>.@Nullable FinishBundleContext end;

  public FunctionOutlet(TupleTag<Event> events, TupleTag<DeadLetter> deadLetters) {
    this.events = events;
    this.deadLetters = deadLetters;
  }

  /** While an element is processed. */
  public FunctionOutlet during(MultiOutputReceiver element) {
    this.element = element;
    this.end = null;
    return this;
  }

  /** While the bundle is finished. */
  public FunctionOutlet atEnd(DoFn<?, Event>.FinishBundleContext end) {
    this.element = null;
    this.end = end;
    return this;
  }

  @Override
  public void event(Event event, Instant timestamp, BoundedWindow window) {
    give(events, event, timestamp, window);
  }

  @Override
  public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
    give(deadLetters, letter, timestamp, window);
  }

  private <T> void give(TupleTag<T> tag, T value, Instant timestamp, BoundedWindow window) {
    if (element != null) {
      element.get(tag).outputWindowedValue(value, timestamp, List.of(window), PaneInfo.NO_FIRING);
    } else {
      Objects.requireNonNull(end).output(tag, value, timestamp, window);
    }
  }
}
