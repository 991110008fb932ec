package dev.millrace.transforms.transport;

import java.io.IOException;

/**
 * Sends records to a destination at least once, for a function that calls it in its bundles:
 * nothing is waited for until {@link #flush}, which waits for the destination to have them all.
 * Once a record was refused every call fails: a function is not used again after a bundle that
 * failed. Not thread-safe, but {@link #flush} is.
 */
public interface RecordSender extends AutoCloseable {

  /**
   * Sends a record without waiting for it to be taken.
   *
   * @throws IOException when one before was not taken
   */
  void send(OutgoingRecord record) throws IOException;

  /**
   * Returns when the destination has all that was sent.
   *
   * @throws IOException when a record was not taken
   */
  void flush() throws IOException;

  /**
   * Looks for what the destination has refused so far.
   *
   * @throws IOException when a record was not taken
   */
  void check() throws IOException;

  /** Waits for nothing: what is still under way is of a bundle that failed, and comes again. */
  @Override
  void close();
}
