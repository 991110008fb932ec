package dev.millrace.transforms.ingest;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file can never be read, however often it is tried; that its store does not answer is
 * another {@link IOException}. The message says which bytes it is, of the content where the file is
 * compressed, and what was found and expected of them.
 */
final class DamagedException extends IOException {

  private static final long serialVersionUID = 1;

  private static final long END = -1;

  private final Reason reason;
  private final String found;
  private final byte[] bytes;

  private DamagedException(
      Reason reason, String place, String found, byte[] bytes, @Nullable Throwable cause) {
    super(place + found, cause);
    this.reason = reason;
    this.found = found;
    this.bytes =
        bytes.length > DeadLetter.LONGEST_PAYLOAD
            ? Arrays.copyOf(bytes, DeadLetter.LONGEST_PAYLOAD)
            : bytes;
  }

  private static DamagedException malformed(
      long from, long to, byte[] bytes, String found, @Nullable Throwable cause) {
    String place = "bytes %d to %s: ".formatted(from, to == END ? "the end" : to);
    return new DamagedException(Reason.MALFORMED, place, found, bytes, cause);
  }

  /** Of some bytes, behind which it goes on. */
  static DamagedException between(
      long from, long to, byte[] bytes, String found, @Nullable Throwable cause) {
    return malformed(from, to, bytes, found, cause);
  }

  /** Of all that there is from a byte on. */
  static DamagedException from(long from, byte[] bytes, String found, @Nullable Throwable cause) {
    return malformed(from, END, bytes, found, cause);
  }

  /** Of a record whose bytes are whole. */
  static DamagedException record(
      Reason reason, byte[] bytes, String found, @Nullable Throwable cause) {
    return new DamagedException(reason, "", found, bytes, cause);
  }

  /** Of a file that is not there any more. */
  static DamagedException gone(Throwable cause) {
    String found = "found it gone (%s), expected it to be there until it is read";
    return record(Reason.EMPTY, new byte[0], found.formatted(cause(cause)), cause);
  }

  /** Of a file that has less than was read of it before. */
  static DamagedException shorter(long records, long before) {
    String found = "found only %d records, expected more than the %d that were read of it before";
    return new DamagedException(
        Reason.MALFORMED, "", found.formatted(records, before), new byte[0], null);
  }

  /** The same, with what was had before it of what it cut off. */
  DamagedException with(long from, byte[] bytes) {
    return malformed(from, END, bytes, found, getCause());
  }

  /** The same, saying where that is. */
  DamagedException in(String place) {
    return new DamagedException(reason, place, message(), bytes, this);
  }

  /** Never null, unlike {@link #getMessage}. */
  String message() {
    return String.valueOf(getMessage());
  }

  Reason reason() {
    return reason;
  }

  /** What was had of that part, and no more of it than a dead letter keeps. */
  byte[] bytes() {
    return bytes;
  }

  /** For messages. */
  static String cause(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
