package dev.millrace.transforms.lookup;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a server is asked.
 *
 * @param entries how many answers are remembered, those about absent keys among them
 * @param keptFor how long each is; one that a record is not what was declared, ten seconds at most
 * @param timeout how long one question may take; where a question is about one key, as over HTTP,
 *     as often as questions have to queue
 * @param retries how often one that failed is put again, at once
 * @param whenUnavailable what becomes of events when that did not help
 * @param breaker when it is not tried any more
 */
public record AskingRules(
    int entries,
    Duration keptFor,
    Duration timeout,
    int retries,
    WhenUnavailable whenUnavailable,
    Breaker breaker)
    implements Serializable {

  /** What becomes of events about which nobody answers. */
  public enum WhenUnavailable {
    /** They wait, and the bundle fails when it takes too long. */
    WAIT,
    /** They get the columns' defaults. */
    DEFAULT
  }

  /**
   * Opens when so many questions failed that the next most likely would; one in a while then finds
   * out whether that is still so.
   *
   * @param percent of the last questions that must fail
   * @param of how many questions are looked at; at least half of them must have been put
   * @param open how long no question is put then
   */
  public record Breaker(int percent, int of, Duration open) implements Serializable {

    public Breaker {
      if (percent < 1 || percent > 100) {
        throw new IllegalArgumentException(
            "breaker failures: found %d %%, expected 1 to 100".formatted(percent));
      }
      if (of < 2) {
        throw new IllegalArgumentException(
            "breaker of: found %d, expected 2 or more".formatted(of));
      }
      expectPositive("breaker open", open);
    }
  }

  /**
   * 100,000 answers for ten minutes; 50 ms, two retries; waits; opens at half of twenty for 10 s.
   */
  public static final AskingRules DEFAULT =
      new AskingRules(
          100_000,
          Duration.ofMinutes(10),
          Duration.ofMillis(50),
          2,
          WhenUnavailable.WAIT,
          new Breaker(50, 20, Duration.ofSeconds(10)));

  public AskingRules {
    if (entries < 0 || retries < 0) {
      throw new IllegalArgumentException(
          "found %d cached entries and %d retries, expected 0 or more".formatted(entries, retries));
    }
    expectPositive("cache for", keptFor);
    expectPositive("timeout", timeout);
  }

  private static void expectPositive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          "%s: found %s, expected more than nothing".formatted(name, duration));
    }
  }
}
