package dev.millrace.faults;

/**
 * When a fault may have led to decisions that come again. What was written before the checkpoint
 * that the job goes back to began is in it, and not decided anew.
 *
 * @param from when the last checkpoint that was complete at the fault began, in epoch milliseconds
 * @param to when decisions came in time again
 */
record Disturbance(long from, long to) {

  boolean contains(long at) {
    return from <= at && at <= to;
  }
}
