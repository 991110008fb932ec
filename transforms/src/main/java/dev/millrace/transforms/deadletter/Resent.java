package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.event.Attempt;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record that is sent again after it failed has among its attributes: {@code
 * millrace.attempt}, how often it was sent, and {@code millrace.failed}, the stage that it failed
 * in last. A record that is sent for the first time has neither.
 */
public final class Resent {

  private static final String ATTEMPT = "millrace.attempt";
  private static final String FAILED = "millrace.failed";

  private Resent() {}

  /** The attributes that a dead letter's record has when it is sent again. */
  public static Map<String, byte[]> attributes(DeadLetter letter) {
    return Map.of(
        ATTEMPT, Integer.toString(letter.attempt() + 1).getBytes(UTF_8),
        FAILED, letter.stage().name().getBytes(UTF_8));
  }

  /**
   * Which attempt a record is, by its attributes. What is no number, or no stage, counts as if it
   * were not there.
   */
  public static Attempt attempt(Map<String, byte[]> attributes) {
    byte[] number = attributes.get(ATTEMPT);
    if (number == null) {
      return Attempt.FIRST;
    }
    try {
      int parsed = Integer.parseInt(new String(number, UTF_8));
      return parsed < 2 ? Attempt.FIRST : new Attempt(parsed, isCounted(attributes.get(FAILED)));
    } catch (NumberFormatException e) {
      return Attempt.FIRST;
    }
  }

  private static boolean isCounted(byte @Nullable [] stage) {
    if (stage == null) {
      return false;
    }
    String name = new String(stage, UTF_8);
    for (Stage each : Stage.values()) {
      if (each.name().equals(name)) {
        return each.compareTo(Stage.HISTORY) >= 0;
      }
    }
    return false;
  }
}
