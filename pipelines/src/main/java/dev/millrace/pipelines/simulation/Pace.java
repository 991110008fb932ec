package dev.millrace.pipelines.simulation;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * An absolute timetable: record {@code i} is due {@code i / rate} seconds after the start, however
 * late an earlier one was, so the mean rate does not drift. Behind time, nothing waits.
 */
final class Pace {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final LongSupplier clock;
  private final LongConsumer sleep;
  private final long start;

  private Pace(double perSecond, LongSupplier clock, LongConsumer sleep) {
    this.perSecond = perSecond;
    this.clock = clock;
    this.sleep = sleep;
    this.start = clock.getAsLong();
  }

  /** Starts now. A rate of 0 never waits. */
  static Pace of(double perSecond) {
    return of(perSecond, System::nanoTime, LockSupport::parkNanos);
  }

  static Pace of(double perSecond, LongSupplier clock, LongConsumer sleep) {
    return new Pace(perSecond, clock, sleep);
  }

  long elapsedNanos() {
    return clock.getAsLong() - start;
  }

  /** Returns when the record is due, at once if it was, or when the thread is interrupted. */
  void await(long record) {
    if (perSecond == 0) {
      return;
    }
    long due = (long) (record / perSecond * NANOS);
    long wait = due - elapsedNanos();
    while (wait > 0 && !Thread.currentThread().isInterrupted()) {
      sleep.accept(wait);
      wait = due - elapsedNanos();
    }
  }
}
