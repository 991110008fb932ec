package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import java.io.IOException;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/** Where a step's results go: the next step, or a collection. */
public interface Outlet {

  void event(Event event, Instant timestamp, BoundedWindow window) throws IOException;

  void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) throws IOException;
}
