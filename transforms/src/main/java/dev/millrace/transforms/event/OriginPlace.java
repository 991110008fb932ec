package dev.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The transport and the source of an origin, and their bytes: the length of the transport's, its,
 * the source's. One event's are nearly always those of the event before, which then need neither be
 * written out as text again nor read.
 */
record OriginPlace(String transport, String source, byte[] bytes) {

  static final OriginPlace NONE = of(Origin.NONE);

  static OriginPlace of(Origin origin) {
    byte[] transport = origin.transport().getBytes(UTF_8);
    byte[] source = origin.source().getBytes(UTF_8);
    byte[] bytes = new byte[4 + transport.length + source.length];
    Column.INTS.set(bytes, 0, transport.length);
    System.arraycopy(transport, 0, bytes, 4, transport.length);
    System.arraycopy(source, 0, bytes, 4 + transport.length, source.length);
    return new OriginPlace(origin.transport(), origin.source(), bytes);
  }

  static OriginPlace read(byte[] bytes) {
    int transport = (int) Column.INTS.get(bytes, 0);
    int source = bytes.length - 4 - transport;
    return new OriginPlace(
        new String(bytes, 4, transport, UTF_8),
        new String(bytes, 4 + transport, source, UTF_8),
        bytes);
  }

  boolean isOf(Origin origin) {
    return origin.transport().equals(transport) && origin.source().equals(source);
  }

  boolean isAt(byte[] in, int from, int to) {
    return Arrays.equals(in, from, to, bytes, 0, bytes.length);
  }
}
