package dev.millrace.transforms.ingest;

import dev.millrace.transforms.deadletter.DeadLetter;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of an Avro container file. One whose frame is not whole (its two numbers, and the
 * file's sync marker where it ends) is damaged, and so is all up to the next sync marker; behind
 * that it goes on. Memory is taken for bytes that are there, never for those that a number
 * promises. Source: the Avro specification 1.12, "Object Container Files".
 */
final class AvroBlocks implements Closeable {

  /** Avro's own writer makes blocks of 64 KB unless it is told otherwise. */
  private static final int LARGEST = 64 << 20;

  private static final byte[] MAGIC = {'O', 'b', 'j', 1};
  private static final int SYNC = 16;
  private static final long NONE = Long.MIN_VALUE;

  /**
   * @param start the place of its first byte in the file
   * @param count how many records it says that it has
   * @param frame all of its bytes
   */
  record Block(long start, long count, byte[] frame) {

    long end() {
      return start + frame.length;
    }
  }

  private final InputStream in;
  private byte[] held = new byte[128 << 10];
  private int from;
  private int to;

  /** Of what is held, how much was looked at. */
  private int at;

  private long passed;
  private boolean ended;
  private @Nullable DamagedException cut;
  private byte[] sync = {};

  AvroBlocks(InputStream in) {
    this.in = in;
  }

  /**
   * All that stands before the first block.
   *
   * @throws DamagedException of the whole file
   */
  byte[] header() throws IOException {
    if (!passHeader()) {
      boolean unused = has(DeadLetter.LONGEST_PAYLOAD);
      byte[] bytes = Arrays.copyOfRange(held, from, to);
      throw cut != null
          ? cut.with(0, bytes)
          : DamagedException.from(
              0,
              bytes,
              "found no header of an Avro container file, expected 'Obj' and 0x01, a schema, and a sync marker",
              null);
    }
    byte[] header = taken(at);
    sync = Arrays.copyOfRange(header, header.length - SYNC, header.length);
    return header;
  }

  private boolean passHeader() throws IOException {
    if (!pass(MAGIC.length) || !Arrays.equals(held, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return false;
    }
    for (long left = number(); left != 0; left = number()) {
      if (left < 0 && (left == NONE || number() < 0)) {
        return false;
      }
      for (long entries = Math.abs(left); entries > 0; entries--) {
        boolean key = pass(number());
        boolean value = pass(number());
        if (!key || !value) {
          return false;
        }
      }
    }
    return pass(SYNC);
  }

  /**
   * The next block, or null at the end.
   *
   * @throws DamagedException in the place of one that is not whole
   */
  @Nullable Block next() throws IOException {
    at = 0;
    if (!has(1)) {
      DamagedException because = cut;
      cut = null;
      if (because != null) {
        throw because;
      }
      return null;
    }
    long count = number();
    long size = number();
    if (count < 0 || size < 0) {
      throw damaged("found no block, expected the numbers of its records and of its bytes");
    }
    if (size > LARGEST) {
      throw damaged("found a block of %d bytes, expected at most %d".formatted(size, LARGEST));
    }
    if (!pass(size + SYNC)) {
      throw damaged("found the end of the file in a block of %d bytes".formatted(size));
    }
    if (!isSync(from + at - SYNC)) {
      throw damaged(
          "found other bytes behind a block of %d bytes, expected the file's sync marker"
              .formatted(size));
    }
    long start = passed;
    return new Block(start, count, taken(at));
  }

  /** All from here to behind the next sync marker, or to the end where there is none. */
  private DamagedException damaged(String found) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long start = passed;
    while (true) {
      for (int i = from; i <= to - SYNC; i++) {
        if (isSync(i)) {
          keep(i + SYNC - from, bytes);
          return DamagedException.between(start, passed, bytes.toByteArray(), found, null);
        }
      }
      // What is left may be the beginning of one.
      keep(Math.max(0, to - from - SYNC + 1), bytes);
      if (!has(to - from + 1)) {
        keep(to - from, bytes);
        DamagedException because = cut;
        cut = null;
        return because == null
            ? DamagedException.between(start, passed, bytes.toByteArray(), found, null)
            : because.with(start, bytes.toByteArray());
      }
    }
  }

  private boolean isSync(int index) {
    return held[index] == sync[0] && Arrays.equals(held, index, index + SYNC, sync, 0, SYNC);
  }

  private void keep(int count, ByteArrayOutputStream bytes) {
    int room = DeadLetter.LONGEST_PAYLOAD - bytes.size();
    bytes.write(held, from, Math.min(count, room));
    from += count;
    passed += count;
  }

  private byte[] taken(int count) {
    byte[] bytes = Arrays.copyOfRange(held, from, from + count);
    from += count;
    passed += count;
    return bytes;
  }

  /** The number that is next, or {@link #NONE}. */
  private long number() throws IOException {
    long zigzag = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!pass(1)) {
        return NONE;
      }
      byte next = held[from + at - 1];
      zigzag |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    return NONE;
  }

  /** Whether there are so many bytes more; they are then looked at. */
  private boolean pass(long count) throws IOException {
    if (count < 0 || count > LARGEST + SYNC || !has(at + (int) count)) {
      return false;
    }
    at += (int) count;
    return true;
  }

  /** Whether so many bytes are held. */
  private boolean has(int count) throws IOException {
    while (to - from < count) {
      if (ended) {
        return false;
      }
      makeRoom();
      int read;
      try {
        read = in.read(held, to, held.length - to);
      } catch (DamagedException e) {
        cut = e;
        read = -1;
      }
      ended = read < 0;
      to += Math.max(0, read);
    }
    return true;
  }

  private void makeRoom() {
    if (to < held.length) {
      return;
    }
    byte[] target = from > 0 ? held : new byte[held.length * 2];
    System.arraycopy(held, from, target, 0, to - from);
    held = target;
    to -= from;
    from = 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
