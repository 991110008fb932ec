package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The texts of an origin, and their bytes: the lengths of the transport's and of the source's, then
 * the transport's, the source's and the message's. One event's are nearly always those of the event
 * before where records are known by their position, and then need neither be written out as text
 * again nor read.
 */
record OriginPlace(String transport, String source, String message, byte[] bytes) {

  private static final int HEAD = 8;

  static final OriginPlace NONE = of(Origin.NONE);

  static OriginPlace of(Origin origin) {
    byte[] transport = origin.transport().getBytes(UTF_8);
    byte[] source = origin.source().getBytes(UTF_8);
    byte[] message = origin.message().getBytes(UTF_8);
    byte[] bytes = new byte[HEAD + transport.length + source.length + message.length];
    Column.INTS.set(bytes, 0, transport.length);
    Column.INTS.set(bytes, 4, source.length);
    int sourceAt = HEAD + transport.length;
    System.arraycopy(transport, 0, bytes, HEAD, transport.length);
    System.arraycopy(source, 0, bytes, sourceAt, source.length);
    System.arraycopy(message, 0, bytes, sourceAt + source.length, message.length);
    return new OriginPlace(origin.transport(), origin.source(), origin.message(), bytes);
  }

  static OriginPlace read(byte[] bytes) {
    int transport = (int) Column.INTS.get(bytes, 0);
    int source = (int) Column.INTS.get(bytes, 4);
    int messageAt = HEAD + transport + source;
    return new OriginPlace(
        new String(bytes, HEAD, transport, UTF_8),
        new String(bytes, HEAD + transport, source, UTF_8),
        new String(bytes, messageAt, bytes.length - messageAt, UTF_8),
        bytes);
  }

  boolean isOf(Origin origin) {
    return origin.transport().equals(transport)
        && origin.source().equals(source)
        && origin.message().equals(message);
  }

  boolean isAt(byte[] in, int from, int to) {
    return Arrays.equals(in, from, to, bytes, 0, bytes.length);
  }
}
