package dev.millrace.transforms.step;

import dev.millrace.transforms.event.Event;
import java.io.IOException;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/**
 * The work of one or more stages on the events of a bundle, for the function that feeds it: called
 * as a {@link org.apache.beam.sdk.transforms.DoFn} is, from {@link #setUp} to {@link #tearDown}. It
 * may keep events until the bundle finishes. Not thread-safe: each function has its own copy.
 */
public interface EventStep extends Serializable {

  /** Before the first bundle. */
  default void setUp() throws Exception {}

  default void startBundle() {}

  /**
   * Takes one event.
   *
   * @throws IOException when the bundle has failed
   */
  void process(Event event, Instant timestamp, BoundedWindow window, Outlet out) throws IOException;

  /**
   * Goes on with what was kept until others would come, for none is there now; waits for nothing.
   *
   * @throws IOException when the bundle has failed
   */
  default void drain(Outlet out) throws IOException {}

  /**
   * Gives out what was kept; returns when all of the bundle's work is done, but for what others
   * have still to acknowledge.
   *
   * @throws IOException when the bundle has failed, or what was sent before it was refused
   */
  default void finish(Outlet out) throws IOException {}

  /** What others have still to acknowledge of all the work so far; after {@link #finish}. */
  default Acknowledgement acknowledgement() {
    return Acknowledgement.NONE;
  }

  /**
   * Gives out what was kept; returns when all of the bundle's work is done and acknowledged.
   *
   * @throws IOException when the bundle has failed
   */
  default void finishBundle(Outlet out) throws IOException {
    finish(out);
    acknowledgement().await();
  }

  /** After the last bundle, also where {@link #setUp} failed. */
  default void tearDown() {}

  /** Does {@code function} on each event, which keeps its timestamp and window. */
  static EventStep each(EventFunction function) {
    return (event, timestamp, window, out) -> {
      Event result;
      try {
        result = function.apply(event);
      } catch (RejectedEvent e) {
        out.deadLetter(e.deadLetter(), timestamp, window);
        return;
      }
      out.event(result, timestamp, window);
    };
  }
}
