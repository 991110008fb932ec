package dev.millrace.pipelines.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A short name for what was written in parts of a specification. */
final class Fingerprint {

  private Fingerprint() {}

  /** The first 48 bits of the SHA-256 of the parts' text, in hexadecimal. */
  static String of(@Nullable Object... parts) {
    try {
      byte[] text = Arrays.toString(parts).getBytes(UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
