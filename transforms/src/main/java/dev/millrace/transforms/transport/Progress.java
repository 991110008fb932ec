package dev.millrace.transforms.transport;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard was written: how many records, and a running hash over all of them in their
 * order. Two that are equal were reached by the same records.
 */
record Progress(long count, long hash) {

  static final Progress NONE = new Progress(0, 0);

  private static final byte VERSION = 1;
  private static final String TEXT_VERSION = "1:";

  /** After one record more. */
  Progress then(byte[] key, byte[] value) {
    CRC32C checksum = new CRC32C();
    checksum.update(key);
    checksum.update(value);
    // An odd factor loses nothing, so that one difference is never forgotten by what follows.
    return new Progress(count + 1, hash * 0x9e3779b97f4a7c15L + checksum.getValue() + 1);
  }

  /** For state. */
  byte[] toBytes() {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES)
        .put(VERSION)
        .putLong(count)
        .putLong(hash)
        .array();
  }

  /** What {@link #toBytes} made; none for null. */
  static Progress of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return NONE;
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    byte version = from.get();
    if (version != VERSION) {
      throw new IllegalStateException(
          "found the state of a sink of version %d, expected %d".formatted(version, VERSION));
    }
    return new Progress(from.getLong(), from.getLong());
  }

  /** The hash, for what Kafka keeps beside the count. */
  String metadata() {
    return TEXT_VERSION + Long.toHexString(hash);
  }

  /**
   * From a committed offset and what stands beside it.
   *
   * @throws IllegalStateException when no sink of ours wrote it
   */
  static Progress of(long offset, String metadata) {
    if (!metadata.matches(TEXT_VERSION + "[0-9a-f]{1,16}")) {
      throw new IllegalStateException(
          "found a committed offset that no exactly-once sink wrote, expected its progress: does another consumer use the group of this name?");
    }
    return new Progress(
        offset, Long.parseUnsignedLong(metadata.substring(TEXT_VERSION.length()), 16));
  }
}
