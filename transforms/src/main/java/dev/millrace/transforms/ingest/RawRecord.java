package dev.millrace.transforms.ingest;

import dev.millrace.transforms.event.Origin;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payload as its transport gave it, not yet decoded. Immutable: nobody may write into the arrays.
 */
public final class RawRecord {

  /** The timestamp of a record whose transport gave it none, as a line of a file. */
  public static final long NO_TIMESTAMP = Long.MIN_VALUE;

  private final Origin origin;
  private final long timestamp;
  private final byte @Nullable [] key;
  private final byte[] payload;
  private final Map<String, byte[]> attributes;

  /** A record without attributes. */
  public RawRecord(Origin origin, long timestamp, byte @Nullable [] key, byte[] payload) {
    this(origin, timestamp, key, payload, Map.of());
  }

  /**
   * @param attributes what the transport carries beside the payload: Kafka's headers, the last of
   *     each name, or Pub/Sub's attributes as UTF-8
   */
  public RawRecord(
      Origin origin,
      long timestamp,
      byte @Nullable [] key,
      byte[] payload,
      Map<String, byte[]> attributes) {
    this.origin = origin;
    this.timestamp = timestamp;
    this.key = key;
    this.payload = payload;
    this.attributes = Map.copyOf(attributes);
  }

  public Origin origin() {
    return origin;
  }

  /** Milliseconds since 1970-01-01T00:00Z, or {@link #NO_TIMESTAMP}. */
  public long timestamp() {
    return timestamp;
  }

  public byte @Nullable [] key() {
    return key;
  }

  /** Empty where the transport had none, as in a Kafka tombstone. */
  public byte[] payload() {
    return payload;
  }

  /** By name, without order. */
  public Map<String, byte[]> attributes() {
    return attributes;
  }

  /** The attribute of this name; null where there is none. */
  public byte @Nullable [] attribute(String name) {
    return attributes.get(name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawRecord that
        && timestamp == that.timestamp
        && origin.equals(that.origin)
        && Arrays.equals(key, that.key)
        && Arrays.equals(payload, that.payload)
        && sameAttributes(that);
  }

  private boolean sameAttributes(RawRecord that) {
    return attributes.keySet().equals(that.attributes.keySet())
        && attributes.keySet().stream()
            .allMatch(name -> Arrays.equals(attribute(name), that.attribute(name)));
  }

  @Override
  public int hashCode() {
    return origin.hashCode();
  }

  @Override
  public String toString() {
    return origin + " (" + payload.length + " bytes)";
  }
}
