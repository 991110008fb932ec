package dev.millrace.transforms.step;

import dev.millrace.transforms.event.Event;
import java.io.Serializable;

/** What a stage does to one event. Not thread-safe: each function has its own copy. */
public interface EventStep extends Serializable {

  /**
   * The event as the next stage sees it.
   *
   * @throws RejectedEvent when it goes to the dead letters instead
   */
  Event apply(Event event) throws RejectedEvent;
}
