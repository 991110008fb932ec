package dev.millrace.benchmark.cards;

import dev.millrace.transforms.event.AvroFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Payments by their number: of one number always the same, each customer's two a day on average, in
 * order of time, every hundredth record a repeat of one shortly before. Not thread-safe.
 */
final class Workload {

  /** Under which the payments' schema is kept. */
  static final int SCHEMA_ID = 1;

  /** How many partitions the topic has: each customer's payments are in one. */
  static final int PARTITIONS = 2;

  private static final int REPEAT_EVERY = 100;
  private static final int REPEAT_OF = 37;
  private static final long START = 1_577_836_800_000L;
  private static final long DAY = 86_400_000;
  private static final int PAYMENTS_A_DAY = 2;

  private final int customers;
  private final boolean repeats;
  private final byte[] frame = AvroFrame.confluent(SCHEMA_ID);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);

  Workload(int customers, boolean repeats) {
    this.customers = customers;
    this.repeats = repeats;
  }

  /** The id of the payment of this record. */
  String id(long record) {
    return "payment-" + payment(record);
  }

  /** The number in an id. */
  static int number(String id) {
    return Integer.parseInt(id, "payment-".length(), id.length(), 10);
  }

  /** How many different payments the first {@code records} are. */
  long different(long records) {
    return repeats ? records - records / REPEAT_EVERY : records;
  }

  int partition(long record) {
    return customer(payment(record)) % PARTITIONS;
  }

  /** The record's value. */
  byte[] value(long record) {
    long payment = payment(record);
    long random = mix(payment + 0x9e3779b97f4a7c15L);
    try {
      out.reset();
      out.writeBytes(frame);
      encoder.writeString("payment-" + payment);
      encoder.writeLong(START + (long) (payment * ((double) DAY / PAYMENTS_A_DAY / customers)));
      encoder.writeString("customer-" + customer(payment));
      encoder.writeString("terminal-" + Math.floorMod(random, 10_000));
      encoder.writeDouble(1 + Math.floorMod(random >>> 16, 30_000) / 100.0);
      encoder.writeString("EUR");
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long payment(long record) {
    return repeats && record % REPEAT_EVERY == REPEAT_EVERY - 1 ? record - REPEAT_OF : record;
  }

  private int customer(long payment) {
    return (int) Math.floorMod(mix(payment), (long) customers);
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
