package dev.millrace.transforms.event;

/**
 * The values of columns that a stage adds, made before any event is known that they belong to, and
 * added by {@link Event#with} to as many as they do. Immutable.
 */
public final class EventPart {

  private final byte[] bytes;

  EventPart(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  /** How many bytes it takes. */
  public int size() {
    return bytes.length;
  }
}
