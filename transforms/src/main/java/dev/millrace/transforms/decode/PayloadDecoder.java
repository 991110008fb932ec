package dev.millrace.transforms.decode;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding, read from one payload in memory. Avro's own decoder allocates what a
 * length says before it looks whether the bytes are there, so that one flipped bit can ask for
 * gigabytes; this one knows where the payload ends. Items of arrays and maps are counted too: an
 * item may take no bytes at all, and a block of 2^60 of them would be skipped for ever. Source: the
 * Avro specification 1.12, "Binary encoding".
 */
final class PayloadDecoder extends Decoder {

  private byte[] bytes = {};
  private int position;
  private int end;
  private long items;

  /** Reads {@code bytes} from {@code from} on. */
  void reset(byte[] bytes, int from) {
    this.bytes = bytes;
    this.position = from;
    this.end = bytes.length;
    this.items = 0;
  }

  int remaining() {
    return end - position;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    require(1);
    byte value = bytes[position++];
    if (value != 0 && value != 1) {
      throw new IOException("found byte %d, expected a boolean's 0 or 1".formatted(value));
    }
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException("found a number of more than 32 bits, expected an int");
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long zigzag = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      require(1);
      byte next = bytes[position++];
      zigzag |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new IOException("found a number of more than 64 bits, expected a long");
  }

  @Override
  public float readFloat() throws IOException {
    require(4);
    return Float.intBitsToFloat((int) littleEndian(4));
  }

  @Override
  public double readDouble() throws IOException {
    require(8);
    return Double.longBitsToDouble(littleEndian(8));
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    int length = readLength();
    Utf8 text = (old == null ? new Utf8() : old).setByteLength(length);
    System.arraycopy(bytes, position, text.getBytes(), 0, length);
    position += length;
    return text;
  }

  @Override
  public String readString() throws IOException {
    int length = readLength();
    position += length;
    return new String(bytes, position - length, length, StandardCharsets.UTF_8);
  }

  @Override
  public void skipString() throws IOException {
    skipBytes();
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    byte[] value = new byte[readLength()];
    readFixed(value, 0, value.length);
    return ByteBuffer.wrap(value);
  }

  @Override
  public void skipBytes() throws IOException {
    // Not "position +=": that takes the position from before the length was read.
    int length = readLength();
    position += length;
  }

  @Override
  public void readFixed(byte[] to, int start, int length) throws IOException {
    require(length);
    System.arraycopy(bytes, position, to, start, length);
    position += length;
  }

  @Override
  public void skipFixed(int length) throws IOException {
    require(length);
    position += length;
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    long count = readLong();
    if (count < 0) {
      count = -count;
      readLength();
    }
    if (count < 0 || count > bytes.length - items) {
      throw new IOException(
          "found more items than the payload's %d bytes, expected an array or a map"
              .formatted(bytes.length));
    }
    items += count;
    return count;
  }

  @Override
  public long arrayNext() throws IOException {
    return readArrayStart();
  }

  @Override
  public long skipArray() throws IOException {
    while (true) {
      int start = position;
      if (readLong() >= 0) {
        position = start;
        return readArrayStart();
      }
      skipBytes();
    }
  }

  @Override
  public long readMapStart() throws IOException {
    return readArrayStart();
  }

  @Override
  public long mapNext() throws IOException {
    return readArrayStart();
  }

  @Override
  public long skipMap() throws IOException {
    return skipArray();
  }

  private int readLength() throws IOException {
    long length = readLong();
    if (length < 0 || length > end - position) {
      throw new EOFException(
          "found a length of %d, expected at most the %d bytes left"
              .formatted(length, end - position));
    }
    return (int) length;
  }

  private long littleEndian(int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (bytes[position + i] & 0xffL) << (8 * i);
    }
    position += width;
    return value;
  }

  private void require(int count) throws EOFException {
    if (count > end - position) {
      throw new EOFException(
          "found the end of the payload, expected %d more bytes"
              .formatted(count - (end - position)));
    }
  }
}
