package dev.millrace.transforms.transport;

import org.jspecify.annotations.Nullable;

/**
 * How large a record without headers is to Kafka: its key and value, their lengths, and what every
 * record and every batch costs. The producer compares this number with {@code max.request.size},
 * whatever the compression; a broker takes a record for which it is at most {@code
 * max.message.bytes}. Source: Kafka's message format, version 2.
 */
public final class RecordSize {

  /** A batch of one record, and the longest form of a record's own numbers. */
  private static final int OVERHEAD = 61 + 21;

  private static final int NO_HEADERS = 1;

  private RecordSize() {}

  /** In bytes. */
  public static long of(byte @Nullable [] key, byte @Nullable [] value) {
    return OVERHEAD + field(key) + field(value) + NO_HEADERS;
  }

  private static long field(byte @Nullable [] bytes) {
    return bytes == null ? 1 : (long) digits(bytes.length) + bytes.length;
  }

  /** Of a length in base 128, its sign included. */
  private static int digits(int length) {
    return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(length << 1) + 6) / 7);
  }
}
