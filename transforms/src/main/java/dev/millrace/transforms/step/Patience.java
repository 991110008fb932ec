package dev.millrace.transforms.step;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How long what fails and may pass is tried again, with pauses that double, each of them between
 * half and all of what is due, so that workers do not try in step. A pause ends when the time does:
 * then it is tried once more.
 *
 * @param total from the first try on; no other begins after it
 */
public record Patience(Duration total, Duration firstPause, Duration longestPause)
    implements Serializable {

  private static final double JITTER = 0.5;

  /**
   * For one thing to be done; its time begins now.
   *
   * @param failures which are tried again
   * @param unfinished results that are tried again
   * @param asked the pause that a result asks for at least, where it does
   */
  public <T> Retry begin(
      Predicate<Throwable> failures,
      Predicate<T> unfinished,
      Function<T, Optional<Duration>> asked) {
    long deadline = System.nanoTime() + total.toNanos();
    IntervalFunction usual =
        IntervalFunction.ofExponentialRandomBackoff(firstPause, 2, JITTER, longestPause);
    return Retry.of(
        "patience",
        RetryConfig.<T>custom()
            .maxAttempts(Integer.MAX_VALUE)
            .retryOnException(e -> System.nanoTime() < deadline && failures.test(e))
            .retryOnResult(result -> System.nanoTime() < deadline && unfinished.test(result))
            .intervalBiFunction(
                (attempt, outcome) -> {
                  Optional<Duration> least =
                      outcome.isRight() ? asked.apply(outcome.get()) : Optional.empty();
                  long pause =
                      Math.max(usual.apply(attempt), least.map(Duration::toMillis).orElse(0L));
                  return within(pause, deadline);
                })
            .build());
  }

  /** No pause at all would be the end of trying. */
  private static long within(long millis, long deadline) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
    return Math.max(1, Math.min(millis, left));
  }
}
