package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;

/** How large a payload may be, for all formats. */
final class PayloadLimit {

  static final int DEFAULT = 1 << 20;

  private PayloadLimit() {}

  /**
   * @throws IllegalArgumentException when this is no size
   */
  static int of(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "largest payload: found %d bytes, expected 1 or more".formatted(bytes));
    }
    return bytes;
  }

  static void check(byte[] payload, int limit) throws UndecodableException {
    if (payload.length == 0) {
      throw new UndecodableException(Reason.EMPTY, "payload: found no bytes, expected a record");
    }
    if (payload.length > limit) {
      throw new UndecodableException(
          Reason.TOO_LARGE,
          "payload: found %d bytes, expected at most %d".formatted(payload.length, limit));
    }
  }
}
