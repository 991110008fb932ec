package dev.millrace.transforms.ingest;

import dev.millrace.transforms.event.Origin;
import java.util.Arrays;
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

  public RawRecord(Origin origin, long timestamp, byte @Nullable [] key, byte[] payload) {
    this.origin = origin;
    this.timestamp = timestamp;
    this.key = key;
    this.payload = payload;
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawRecord that
        && timestamp == that.timestamp
        && origin.equals(that.origin)
        && Arrays.equals(key, that.key)
        && Arrays.equals(payload, that.payload);
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
