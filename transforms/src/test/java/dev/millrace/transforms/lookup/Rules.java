package dev.millrace.transforms.lookup;

import dev.millrace.transforms.lookup.AskingRules.Breaker;
import dev.millrace.transforms.lookup.AskingRules.WhenUnavailable;
import java.time.Duration;

/** Rules of asking for tests, with times in which a busy machine answers. */
final class Rules {

  private Rules() {}

  static AskingRules waiting() {
    return of(WhenUnavailable.WAIT, 1_000, Duration.ofSeconds(10));
  }

  static AskingRules defaulting() {
    return of(WhenUnavailable.DEFAULT, 1_000, Duration.ofSeconds(10));
  }

  static AskingRules of(WhenUnavailable whenUnavailable, int entries, Duration timeout) {
    return new AskingRules(
        entries,
        Duration.ofMinutes(10),
        timeout,
        1,
        whenUnavailable,
        new Breaker(50, 4, Duration.ofMillis(200)));
  }
}
