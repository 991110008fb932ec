package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Protobuf's wire format, read where it lies: fields one after the other, each a number, a wire
 * type and a value. Whatever is cut off, too long or too deep is refused, naming the byte. Source:
 * Protobuf's "Encoding". Not thread-safe.
 */
final class ProtobufInput {

  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int DELIMITED = 2;
  private static final int START_GROUP = 3;
  private static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Limits limits;
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int depth;
  private int number;
  private int wireType;

  ProtobufInput(Limits limits) {
    this.limits = limits;
  }

  void reset(byte[] payload, int from) {
    bytes = payload;
    at = from;
    end = payload.length;
    depth = 0;
  }

  /** Goes on to the next field of the message, if there is one. */
  boolean next() throws UndecodableException {
    if (at == end) {
      return false;
    }
    long tag = readVarint();
    number = (int) (tag >>> 3);
    wireType = (int) tag & 7;
    if (tag >>> 32 != 0 || number == 0 || wireType > FIXED32) {
      throw malformed("a tag that is none", "a field's number and wire type");
    }
    return true;
  }

  /** The field's. */
  int number() {
    return number;
  }

  int wireType() {
    return wireType;
  }

  boolean isAtEnd() {
    return at == end;
  }

  /** Goes into a message, whose fields are then the next. What it returns {@link #leave} takes. */
  int enter() throws UndecodableException {
    if (++depth > limits.depth()) {
      throw limits.tooDeep();
    }
    return narrow();
  }

  void leave(int outerEnd) {
    depth--;
    widen(outerEnd);
  }

  /** As {@link #enter}, for numbers that are packed. */
  int narrow() throws UndecodableException {
    int length = readLength();
    int outerEnd = end;
    end = at + length;
    return outerEnd;
  }

  void widen(int outerEnd) {
    end = outerEnd;
  }

  long readVarint() throws UndecodableException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == end) {
        throw cutOff();
      }
      byte next = bytes[at++];
      value |= (next & 0x7fL) << shift;
      // The tenth byte holds one bit. protobuf-java takes any as 1, and other readers do not.
      if (shift == 63 && next != 1) {
        break;
      }
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("a number of more than 64 bits", "64 at most");
  }

  int readFixed32() throws UndecodableException {
    return (int) INTS.get(bytes, take(Integer.BYTES));
  }

  long readFixed64() throws UndecodableException {
    return (long) LONGS.get(bytes, take(Long.BYTES));
  }

  /** How many bytes follow, which are there. */
  int readLength() throws UndecodableException {
    long length = readVarint();
    if (length < 0 || length > end - at) {
      throw malformed("a length beyond the end", "at most " + (end - at) + " bytes");
    }
    return (int) length;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Goes over so many bytes and returns where they start. */
  int take(int length) throws UndecodableException {
    if (length > end - at) {
      throw cutOff();
    }
    at += length;
    return at - length;
  }

  /** Goes over the field's value. */
  void skip() throws UndecodableException {
    switch (wireType) {
      case VARINT -> readVarint();
      case FIXED64 -> take(Long.BYTES);
      case DELIMITED -> take(readLength());
      case FIXED32 -> take(Integer.BYTES);
      case START_GROUP -> skipGroup(number);
      default -> throw malformed("the end of a group", "a field");
    }
  }

  private void skipGroup(int group) throws UndecodableException {
    if (++depth > limits.depth()) {
      throw limits.tooDeep();
    }
    while (next()) {
      if (wireType == END_GROUP && number == group) {
        depth--;
        return;
      }
      skip();
    }
    throw cutOff();
  }

  private UndecodableException cutOff() {
    return malformed("the end of the message", "the rest of a field");
  }

  private UndecodableException malformed(String found, String expected) {
    return new UndecodableException(
        Reason.MALFORMED, "payload, byte %d: found %s, expected %s".formatted(at, found, expected));
  }
}
