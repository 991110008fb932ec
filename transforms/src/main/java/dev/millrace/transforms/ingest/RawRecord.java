package dev.millrace.transforms.ingest;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Origin;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A payload as its transport gave it, not yet decoded; or what stands in the place of one that the
 * transport can never give, as of a damaged part of a file. Immutable: nobody may write into the
 * arrays.
 */
public final class RawRecord {

  /** The timestamp of a record whose transport gave it none, as a line of a file. */
  public static final long NO_TIMESTAMP = Long.MIN_VALUE;

  /** Why there is no payload, and never will be; the message as in a dead letter. */
  public record Fault(Reason reason, String message) {}

  private final Origin origin;
  private final long timestamp;
  private final byte @Nullable [] key;
  private final byte[] payload;
  private final Map<String, byte[]> attributes;
  private final @Nullable Fault fault;

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
    this(origin, timestamp, key, payload, attributes, null);
  }

  private RawRecord(
      Origin origin,
      long timestamp,
      byte @Nullable [] key,
      byte[] payload,
      Map<String, byte[]> attributes,
      @Nullable Fault fault) {
    this.origin = origin;
    this.timestamp = timestamp;
    this.key = key;
    this.payload = payload;
    this.attributes = Map.copyOf(attributes);
    this.fault = fault;
  }

  /** The same with a fault: it is not decoded, and its payload is what there was of it. */
  public RawRecord withFault(Fault fault) {
    return new RawRecord(origin, timestamp, key, payload, attributes, fault);
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

  /** Null for what is a record. */
  public @Nullable Fault fault() {
    return fault;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawRecord that
        && timestamp == that.timestamp
        && origin.equals(that.origin)
        && Arrays.equals(key, that.key)
        && Arrays.equals(payload, that.payload)
        && Objects.equals(fault, that.fault)
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
