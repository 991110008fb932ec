package dev.millrace.transforms.event;

/**
 * How often an event was sent into its pipeline.
 *
 * @param number 1 when it is sent for the first time
 * @param counted whether it came as far as history before: the past of its keys has it already
 */
public record Attempt(int number, boolean counted) {

  /** The first. */
  public static final Attempt FIRST = new Attempt(1, false);

  /** The first is nobody's second. */
  public Attempt {
    if (number < 1 || (number == 1 && counted)) {
      throw new IllegalArgumentException(
          "found attempt %d, expected %s".formatted(number, counted ? "2 or more" : "1 or more"));
    }
  }

  public boolean isFirst() {
    return number == 1;
  }

  /** The same attempt, of an event that history does not know. */
  public Attempt uncounted() {
    return new Attempt(number, false);
  }

  /** One number for both; {@link #read} is its inverse. */
  int written() {
    return number << 1 | (counted ? 1 : 0);
  }

  static Attempt read(int written) {
    return new Attempt(written >>> 1, (written & 1) == 1);
  }
}
