package dev.millrace.transforms.history;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4: 64 bits of some bytes, under a secret of 128 bits. Who does not know the secret can
 * neither tell a hash nor make two inputs that agree. Source: Aumasson and Bernstein, "SipHash: a
 * fast short-input PRF", 2012.
 */
final class SipHash {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private SipHash() {}

  /** The hash of all of {@code bytes} under the secret {@code k0}, {@code k1}. */
  static long hash(long k0, long k1, byte[] bytes) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int whole = bytes.length & ~7;
    // One block more than there are whole ones, two rounds each; then four rounds to finish.
    for (int at = 0; at <= whole + 16; at += 8) {
      long block = 0;
      if (at < whole) {
        block = (long) LONGS.get(bytes, at);
      } else if (at == whole) {
        block = last(bytes, whole);
      } else if (at == whole + 8) {
        v2 ^= 0xff;
      }
      v3 ^= block;
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= block;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /** The bytes behind the whole blocks, and on top how many there are in all. */
  private static long last(byte[] bytes, int from) {
    long block = (long) bytes.length << 56;
    for (int i = from; i < bytes.length; i++) {
      block |= (bytes[i] & 0xffL) << (8 * (i - from));
    }
    return block;
  }
}
