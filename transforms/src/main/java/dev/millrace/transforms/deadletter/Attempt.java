package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** How often a record was sent into its pipeline, as an attribute of the record. */
public final class Attempt {

  /** The attribute's name; a record that was sent once has none. */
  public static final String ATTRIBUTE = "millrace.attempt";

  private Attempt() {}

  /** The attribute's value: the number's digits. */
  public static byte[] write(int attempt) {
    return Integer.toString(attempt).getBytes(US_ASCII);
  }

  /** The number; 1 where there is no attribute, or one that is no number. */
  public static int read(byte @Nullable [] value) {
    try {
      return value == null ? 1 : Integer.parseInt(new String(value, US_ASCII));
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
