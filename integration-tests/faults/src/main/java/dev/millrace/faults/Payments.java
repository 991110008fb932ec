package dev.millrace.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Records by their number, of one seed and number always the same: payments, a few of them out of
 * order, repeats of payments shortly before, and records that nobody can read. All of a customer's
 * are in one partition, so the order in which they arrive is known. Not thread-safe.
 */
final class Payments {

  /** Under which the payments' schema is kept. */
  static final int SCHEMA_ID = 1;

  private static final int NO_SCHEMA_ID = 999_999;
  private static final int CUSTOMERS = 500;
  private static final long START = 1_577_836_800_000L;
  private static final long APART = 20_000;
  private static final long HOUR = 3_600_000;
  private static final int REPEAT_OF = 37;

  /** What a record is. */
  enum Kind {
    PAYMENT,
    /** The same payment again: same id, same bytes. */
    REPEAT,
    /** A payment whose end is missing. */
    CUT,
    /** A payment of a schema that nobody registered. */
    UNKNOWN_SCHEMA;

    boolean readable() {
      return this == PAYMENT || this == REPEAT;
    }
  }

  private final long seed;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);

  Payments(long seed) {
    this.seed = seed;
  }

  /** In a thousand: 20 repeats, 10 cut, 5 of an unknown schema. */
  Kind kind(long number) {
    Kind drawn = drawn(number);
    // Only a payment can be repeated.
    return drawn == Kind.REPEAT && (number < REPEAT_OF || drawn(number - REPEAT_OF) != Kind.PAYMENT)
        ? Kind.PAYMENT
        : drawn;
  }

  private Kind drawn(long number) {
    long draw = Math.floorMod(mix(number, 1), 1000);
    return draw < 20
        ? Kind.REPEAT
        : draw < 30 ? Kind.CUT : draw < 35 ? Kind.UNKNOWN_SCHEMA : Kind.PAYMENT;
  }

  /** The number of the record that first had this one's payment. */
  long payment(long number) {
    return kind(number) == Kind.REPEAT ? number - REPEAT_OF : number;
  }

  static String id(long payment) {
    return "p-" + payment;
  }

  /** The number in an id; -1 for one that is not ours. */
  static long number(String id) {
    try {
      return id.startsWith("p-") ? Long.parseLong(id, 2, id.length(), 10) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  int partition(long number, int partitions) {
    return customer(payment(number)) % partitions;
  }

  /** The record's value: a frame of one byte and the schema's id, then Avro binary. */
  byte[] value(long number) {
    long payment = payment(number);
    Kind kind = kind(number);
    out.reset();
    int schema = kind == Kind.UNKNOWN_SCHEMA ? NO_SCHEMA_ID : SCHEMA_ID;
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(schema).array());
    try {
      encoder.writeString(id(payment));
      encoder.writeLong(time(payment));
      encoder.writeString("customer-" + customer(payment));
      encoder.writeString("terminal-" + Math.floorMod(mix(payment, 2), 1_000));
      encoder.writeDouble(1 + Math.floorMod(mix(payment, 3), 30_000) / 100.0);
      encoder.writeString("EUR");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] value = out.toByteArray();
    return kind == Kind.CUT ? Arrays.copyOf(value, value.length - 12) : value;
  }

  /** One in fifty happened up to an hour before those around it. */
  private long time(long payment) {
    long back = Math.floorMod(mix(payment, 4), 50) == 0 ? Math.floorMod(mix(payment, 5), HOUR) : 0;
    return START + payment * APART - back;
  }

  private int customer(long payment) {
    return (int) Math.floorMod(mix(payment, 6), (long) CUSTOMERS);
  }

  /** The finalizer of SplitMix64. */
  private long mix(long number, long use) {
    long z = (seed * 31 + use) * 0x9e3779b97f4a7c15L + number * 0xd1342543de82ef95L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
