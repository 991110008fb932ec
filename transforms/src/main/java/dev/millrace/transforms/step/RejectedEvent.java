package dev.millrace.transforms.step;

import dev.millrace.transforms.deadletter.DeadLetter;

/** Carries an event's dead letter to where it can be emitted. */
public final class RejectedEvent extends Exception {

  private static final long serialVersionUID = 1;

  private final transient DeadLetter deadLetter;

  public RejectedEvent(DeadLetter deadLetter) {
    // Neither suppressed exceptions nor a stack: what went wrong is in the letter.
    super(deadLetter.toString(), null, false, false);
    this.deadLetter = deadLetter;
  }

  public DeadLetter deadLetter() {
    return deadLetter;
  }
}
