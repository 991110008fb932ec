package dev.millrace.transforms.step;

import dev.millrace.transforms.event.Event;
import java.io.Serializable;

/** What a stage does that looks at one event at a time. Not thread-safe. */
public interface EventFunction extends Serializable {

  /**
   * The event as the next stage sees it.
   *
   * @throws RejectedEvent when it goes to the dead letters instead
   */
  Event apply(Event event) throws RejectedEvent;
}
