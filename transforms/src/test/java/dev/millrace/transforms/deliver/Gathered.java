package dev.millrace.transforms.deliver;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.Outlet;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/** What a step gave out. */
public final class Gathered implements Outlet {

  public final List<String> events = new ArrayList<>();
  public final List<DeadLetter> letters = new ArrayList<>();

  @Override
  public void event(Event event, Instant timestamp, BoundedWindow window) {
    events.add(event.id());
  }

  @Override
  public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
    letters.add(letter);
  }
}
