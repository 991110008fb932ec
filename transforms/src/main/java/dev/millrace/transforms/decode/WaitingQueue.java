package dev.millrace.transforms.decode;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * What is known of the records that wait for one schema, beside the records.
 *
 * @param since when the first of them came, in milliseconds of processing time
 * @param due when the schema is asked for again
 * @param pause how long before that it was asked for last
 * @param earliest the least of the records' timestamps
 * @param bytes how large their payloads are together; never less
 */
record WaitingQueue(long since, long due, long pause, long earliest, long bytes) {

  private static final long FIRST_PAUSE = 100;
  private static final long LONGEST_PAUSE = 2_000;

  static WaitingQueue startingAt(long now) {
    return new WaitingQueue(now, now + FIRST_PAUSE, FIRST_PAUSE, Long.MAX_VALUE, 0);
  }

  WaitingQueue with(long timestamp, int payload) {
    return new WaitingQueue(since, due, pause, Math.min(earliest, timestamp), bytes + payload);
  }

  /** Asked for in vain. */
  WaitingQueue askedAt(long now) {
    long next = Math.min(2 * pause, LONGEST_PAUSE);
    return new WaitingQueue(since, now + next, next, earliest, bytes);
  }

  /** A version byte, then the five numbers. */
  static final class Coder extends CustomCoder<WaitingQueue> {

    private static final int VERSION = 1;

    static Coder of() {
      return new Coder();
    }

    @Override
    public void encode(WaitingQueue queue, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeByte(VERSION);
      out.writeLong(queue.since);
      out.writeLong(queue.due);
      out.writeLong(queue.pause);
      out.writeLong(queue.earliest);
      out.writeLong(queue.bytes);
    }

    @Override
    public WaitingQueue decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      byte version = in.readByte();
      if (version != VERSION) {
        throw new CoderException(
            "waiting records: found version %d, expected %d".formatted(version, VERSION));
      }
      return new WaitingQueue(
          in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    @Override
    public void verifyDeterministic() {}
  }
}
