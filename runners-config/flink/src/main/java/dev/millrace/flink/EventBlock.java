package dev.millrace.flink;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Events on their way to one task: what Flink does to send a record, it does once for all of them.
 * Each is its length, the input it is of, its element's timestamp and what {@link EventCoder}
 * writes. A block is filled, sent and filled again; the task that gets it reads it once.
 */
public final class EventBlock {

  /** So much a block has, more or less: a part of a network buffer, and a few hundred events. */
  static final int FULL = 16 << 10;

  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  private static final int LENGTH = 0;
  private static final int INPUT = 4;
  private static final int TIMESTAMP = 5;
  private static final int HEAD = 13;

  /**
   * Among whom keys are spread, as Flink does it.
   *
   * @param keyGroups Flink's maximum parallelism
   */
  public record Spread(int keyGroups, int tasks) implements Serializable {
    /** Whose the key of this hash is. */
    int task(int hash) {
      return KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
          keyGroups, tasks, KeyGroupRangeAssignment.computeKeyGroupForKeyHash(hash, keyGroups));
    }
  }

  private static final Spread ARRIVED = new Spread(1, 1);

  private final Spread spread;
  private final int task;
  private byte[] bytes;
  private int end;
  private int at;

  /** An empty block for one task. */
  public EventBlock(Spread spread, int task) {
    this(spread, task, new byte[FULL], 0);
  }

  private EventBlock(Spread spread, int task, byte[] bytes, int end) {
    this.spread = spread;
    this.task = task;
    this.bytes = bytes;
    this.end = end;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  Spread spread() {
    return spread;
  }

  /** For whom it is. */
  int task() {
    return task;
  }

  boolean isEmpty() {
    return end == 0;
  }

  boolean isFull() {
    return end >= FULL;
  }

  void clear() {
    end = 0;
  }

  /** Adds an event of an input, by its number, with its element's timestamp. */
  public void add(int input, long timestamp, Event event, EventCoder coder) {
    int length = HEAD + coder.length(event);
    if (end + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, end + length);
    }
    INTS.set(bytes, end + LENGTH, length);
    bytes[end + INPUT] = (byte) input;
    LONGS.set(bytes, end + TIMESTAMP, timestamp);
    coder.write(event, bytes, end + HEAD);
    end += length;
  }

  /** Whether there is an event that has not been read; {@link #next} goes on to the one behind. */
  boolean hasNext() {
    return at < end;
  }

  void next() {
    at += (int) INTS.get(bytes, at + LENGTH);
  }

  int input() {
    return bytes[at + INPUT];
  }

  long timestamp() {
    return (long) LONGS.get(bytes, at + TIMESTAMP);
  }

  Event event(EventCoder coder) throws IOException {
    return coder.read(bytes, at + HEAD);
  }

  /** Its bytes behind their length. */
  public static final class Coder extends AtomicCoder<EventBlock> {

    private static final long serialVersionUID = 1;

    @Override
    public void encode(EventBlock block, OutputStream out) throws IOException {
      VarInt.encode(block.end, out);
      out.write(block.bytes, 0, block.end);
    }

    @Override
    public EventBlock decode(InputStream in) throws IOException {
      byte[] bytes = new byte[VarInt.decodeInt(in)];
      if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw new EOFException("found the end within a block of %d bytes".formatted(bytes.length));
      }
      return new EventBlock(ARRIVED, 0, bytes, bytes.length);
    }
  }
}
