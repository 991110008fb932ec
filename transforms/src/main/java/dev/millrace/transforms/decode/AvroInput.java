package dev.millrace.transforms.decode;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.avro.Schema;

/**
 * Avro's binary encoding, read from one payload in memory. Avro's own decoder allocates what a
 * length says before it looks whether the bytes are there, so that one flipped bit can ask for
 * gigabytes; this one knows where the payload ends, and gives texts as places in it. Skipping is
 * bounded too, in depth and in items: an item may take no bytes at all, and a block of 2^60 of them
 * would be skipped for ever. Source: the Avro specification 1.12, "Binary encoding".
 */
final class AvroInput {

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Limits limits;
  private byte[] bytes = {};
  private int position;
  private long items;

  AvroInput(Limits limits) {
    this.limits = limits;
  }

  /** Reads {@code bytes} from {@code from} on. */
  void reset(byte[] bytes, int from) {
    this.bytes = bytes;
    this.position = from;
    this.items = 0;
  }

  int remaining() {
    return bytes.length - position;
  }

  byte[] bytes() {
    return bytes;
  }

  boolean readBoolean() throws IOException {
    byte value = bytes[take(1)];
    if (value != 0 && value != 1) {
      throw new IOException("found byte %d, expected a boolean's 0 or 1".formatted(value));
    }
    return value == 1;
  }

  int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException("found a number of more than 32 bits, expected an int");
    }
    return (int) value;
  }

  long readLong() throws IOException {
    // Most numbers, and nearly all lengths, are one byte.
    if (position < bytes.length && bytes[position] >= 0) {
      long zigzag = bytes[position++];
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    return readLongerLong();
  }

  private long readLongerLong() throws IOException {
    long zigzag = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes[take(1)];
      zigzag |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new IOException("found a number of more than 64 bits, expected a long");
  }

  float readFloat() throws IOException {
    return Float.intBitsToFloat((int) INTS.get(bytes, take(4)));
  }

  double readDouble() throws IOException {
    return Double.longBitsToDouble((long) LONGS.get(bytes, take(8)));
  }

  /** The length of a string or of bytes, all of which are there. */
  int readLength() throws IOException {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new IOException(
          "found a length of %d, expected at most the %d bytes left"
              .formatted(length, remaining()));
    }
    return (int) length;
  }

  /** An index of so many branches or symbols. */
  int readIndex(int size) throws IOException {
    int index = readInt();
    if (index < 0 || index >= size) {
      throw new IOException("found index %d, expected one from 0 to %d".formatted(index, size - 1));
    }
    return index;
  }

  /** Where the next {@code count} bytes start; this input then stands behind them. */
  int take(int count) throws IOException {
    if (count > remaining()) {
      throw new IOException(
          "found the end of the payload, expected %d more bytes".formatted(count - remaining()));
    }
    int start = position;
    position += count;
    return start;
  }

  /** Passes over a value that nobody wants. */
  void skip(Schema schema) throws IOException, UndecodableException {
    skip(schema, 0);
  }

  private void skip(Schema schema, int depth) throws IOException, UndecodableException {
    if (depth > limits.depth()) {
      throw limits.tooDeep();
    }
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> readBoolean();
      case INT -> readInt();
      case LONG -> readLong();
      case FLOAT -> take(4);
      case DOUBLE -> take(8);
      case STRING, BYTES -> take(readLength());
      case FIXED -> take(schema.getFixedSize());
      case ENUM -> readIndex(schema.getEnumSymbols().size());
      case UNION -> skip(schema.getTypes().get(readIndex(schema.getTypes().size())), depth + 1);
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          skip(field.schema(), depth + 1);
        }
      }
      case ARRAY -> {
        for (long left = skipBlocks(); left > 0; left = skipBlocks()) {
          for (; left > 0; left--) {
            skip(schema.getElementType(), depth + 1);
          }
        }
      }
      case MAP -> {
        for (long left = skipBlocks(); left > 0; left = skipBlocks()) {
          for (; left > 0; left--) {
            take(readLength());
            skip(schema.getValueType(), depth + 1);
          }
        }
      }
    }
  }

  /** How many items follow in a list or a map; 0 at its end. */
  long readCount() throws IOException, UndecodableException {
    long count = readLong();
    if (count < 0) {
      readLength();
    }
    return counted(count < 0 ? -count : count);
  }

  /** As {@link #readCount}; blocks that tell their size in bytes are passed over at once. */
  private long skipBlocks() throws IOException, UndecodableException {
    long count = readLong();
    while (count < 0) {
      take(readLength());
      count = readLong();
    }
    return counted(count);
  }

  private long counted(long count) throws UndecodableException {
    // The negative of the smallest long is itself.
    if (count < 0 || count > limits.items() - items) {
      throw limits.tooMany();
    }
    items += count;
    return count;
  }
}
