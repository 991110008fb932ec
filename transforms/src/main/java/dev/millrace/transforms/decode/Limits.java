package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import java.io.Serializable;

/**
 * How large a payload may be before it is a dead letter, so that none can take the memory or the
 * time of all others. Looked at before and while it is decoded.
 *
 * @param bytes of the payload, its frame included
 * @param depth how many records, lists and maps may stand within each other
 * @param items of all its lists and maps together
 */
public record Limits(int bytes, int depth, int items) implements Serializable {

  /** 1 MiB, 64 levels, 100,000 items. */
  public static final Limits DEFAULT = new Limits(1 << 20, 64, 100_000);

  /**
   * @throws IllegalArgumentException when one is below 1
   */
  public Limits {
    check("bytes", bytes);
    check("depth", depth);
    check("items", items);
  }

  public Limits withBytes(int bytes) {
    return new Limits(bytes, depth, items);
  }

  public Limits withDepth(int depth) {
    return new Limits(bytes, depth, items);
  }

  public Limits withItems(int items) {
    return new Limits(bytes, depth, items);
  }

  private static void check(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "limit of %s: found %d, expected 1 or more".formatted(name, value));
    }
  }

  void check(byte[] payload) throws UndecodableException {
    if (payload.length == 0) {
      throw new UndecodableException(Reason.EMPTY, "payload: found no bytes, expected a record");
    }
    if (payload.length > bytes) {
      throw new UndecodableException(
          Reason.TOO_LARGE,
          "payload: found %d bytes, expected at most %d".formatted(payload.length, bytes));
    }
  }

  UndecodableException tooDeep() {
    return new UndecodableException(
        Reason.TOO_LARGE, "payload: found values nested deeper than %d levels".formatted(depth));
  }

  UndecodableException tooMany() {
    return new UndecodableException(
        Reason.TOO_LARGE, "payload: found more than %d items in lists and maps".formatted(items));
  }
}
