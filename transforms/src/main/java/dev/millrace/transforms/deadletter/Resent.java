package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.event.Attempt;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record that is sent again after it failed has among its attributes: {@code
 * millrace.attempt}, how often it was sent, and {@code millrace.failed}, the pipeline and the stage
 * that it failed in last, as {@code card-fraud/LOOKUP}: others may read the same topic. A record
 * that is sent for the first time has neither.
 */
public final class Resent {

  private static final String ATTEMPT = "millrace.attempt";
  private static final String FAILED = "millrace.failed";

  private Resent() {}

  /** The attributes that a dead letter's record has when it is sent again. */
  public static Map<String, byte[]> attributes(DeadLetter letter) {
    return Map.of(
        ATTEMPT, Integer.toString(letter.attempt() + 1).getBytes(UTF_8),
        FAILED, (letter.pipeline() + "/" + letter.stage()).getBytes(UTF_8));
  }

  /**
   * Which attempt a record is for a pipeline, by its attributes. What is no number, or no stage,
   * counts as if it were not there.
   */
  public static Attempt attempt(Map<String, byte[]> attributes, String pipeline) {
    int number = number(attributes);
    return number == 1
        ? Attempt.FIRST
        : new Attempt(number, isCounted(attributes.get(FAILED), pipeline));
  }

  /** How often a record was sent. */
  static int number(Map<String, byte[]> attributes) {
    byte[] number = attributes.get(ATTEMPT);
    if (number == null) {
      return 1;
    }
    try {
      return Math.max(1, Integer.parseInt(new String(number, UTF_8)));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private static boolean isCounted(byte @Nullable [] failed, String pipeline) {
    String found = failed == null ? "" : new String(failed, UTF_8);
    return Arrays.stream(Stage.values())
        .filter(stage -> stage.compareTo(Stage.HISTORY) >= 0)
        .anyMatch(stage -> found.equals(pipeline + "/" + stage));
  }
}
