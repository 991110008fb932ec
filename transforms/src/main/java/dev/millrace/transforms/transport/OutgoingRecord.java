package dev.millrace.transforms.transport;

import java.util.Arrays;

/**
 * A record on its way to a destination.
 *
 * @param id by which a reader drops repeats, where its transport has a place for one
 * @param key records of one key stay in order; the id of one that need not
 */
public record OutgoingRecord(byte[] id, byte[] key, byte[] value) {

  /** In no order with others. */
  public static OutgoingRecord of(byte[] id, byte[] value) {
    return new OutgoingRecord(id, id, value);
  }

  /** Whether it is to stay in order with others. */
  boolean isOrdered() {
    return !Arrays.equals(id, key);
  }
}
