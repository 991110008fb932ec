package dev.millrace.transforms.history;

import dev.millrace.transforms.history.Feature.Source;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The first 128 bits of the SHA-256 of an id: of one width, and nobody can make two ids that agree,
 * which would let a payment pass for a repeat of another.
 */
record IdHash(long high, long low) {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Makes them; looking an algorithm up costs more than using it. Not thread-safe. */
  static final class Hasher {
    private final MessageDigest sha256 = sha256();

    /** Event and label of one id are different records. */
    IdHash hash(Source source, byte[] id) {
      sha256.update((byte) source.name().charAt(0));
      byte[] hash = sha256.digest(id);
      return new IdHash((long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
