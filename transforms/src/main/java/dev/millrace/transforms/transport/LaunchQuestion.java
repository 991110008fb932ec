package dev.millrace.transforms.transport;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks another machine at launch, and does not wait as long as its client tries again, which can be
 * minutes.
 */
public final class LaunchQuestion {

  /** How long an answer is waited for, unless it is said. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private LaunchQuestion() {}

  /** The answer, within {@link #PATIENCE}; else as {@link #ask(String, Duration, Callable)}. */
  public static <T> T ask(String what, Callable<T> question)
      throws ExecutionException, TimeoutException {
    return ask(what, PATIENCE, question);
  }

  /**
   * The answer.
   *
   * @param what is asked about, for people: {@code topic 'projects/p/topics/t'}
   * @throws ExecutionException with what {@code question} threw
   * @throws TimeoutException when there is none in time
   */
  public static <T> T ask(String what, Duration patience, Callable<T> question)
      throws ExecutionException, TimeoutException {
    FutureTask<T> answer = new FutureTask<>(question);
    Thread asking = new Thread(answer, "ask about " + what);
    asking.setDaemon(true);
    asking.start();
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking about " + what, e);
    }
  }
}
