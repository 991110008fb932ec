package dev.millrace.transforms.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millrace.transforms.lookup.Answer.Absent;
import dev.millrace.transforms.lookup.AskingRules.WhenUnavailable;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server about many keys at a time, remembers what it said, and stops asking while it does
 * not answer.
 */
final class AskedReference implements Reference {

  private static final Logger LOG = LoggerFactory.getLogger(AskedReference.class);

  /** How long events wait in a bundle before it fails, and the runner begins it again. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Somebody may be mending such a record, and what was refused for it be sent again. */
  private static final Duration INVALID_KEPT = Duration.ofSeconds(10);

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final Server server;
  private final AskingRules rules;
  private final Duration patience;
  private final Cache<String, Answer> cache;
  private final Questions questions;
  private final ServerBreaker breaker;
  private final AtomicBoolean connected = new AtomicBoolean();
  private final StageCounter asked = StageCounter.of("lookup", "asked");

  AskedReference(Server server, AskingRules rules) {
    this(server, rules, PATIENCE);
  }

  AskedReference(Server server, AskingRules rules, Duration patience) {
    this(server, rules, patience, Ticker.systemTicker());
  }

  AskedReference(Server server, AskingRules rules, Duration patience, Ticker ticker) {
    this.server = server;
    this.rules = rules;
    this.patience = patience;
    this.cache =
        Caffeine.newBuilder()
            .maximumSize(rules.entries())
            .ticker(ticker)
            .expireAfter(Expiry.<String, Answer>writing((key, answer) -> keptFor(answer)))
            .build();
    this.questions = new Questions(server);
    this.breaker = new ServerBreaker(server.name(), rules.breaker());
  }

  private Duration keptFor(Answer answer) {
    boolean briefly =
        answer instanceof Answer.Invalid && rules.keptFor().compareTo(INVALID_KEPT) > 0;
    return briefly ? INVALID_KEPT : rules.keptFor();
  }

  /**
   * Connects once, as far as that succeeds: to connect takes longer than a question may, and the
   * first events are not to pay for it. What is away now may be there when it is asked.
   */
  @Override
  public void await() throws IOException {
    if (connected.compareAndSet(false, true)) {
      try {
        questions.connect().get(Questions.CONNECTING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw interrupted(e);
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("{}: found no connection at the start ({})", server.name(), e.getMessage());
      }
    }
  }

  @Override
  public @Nullable Answer known(String key) {
    return cache.getIfPresent(key);
  }

  @Override
  public Map<String, Answer> ask(Collection<String> keys) throws IOException {
    Map<String, Answer> answers = new HashMap<>();
    List<String> open = new ArrayList<>(keys);
    long deadline = System.nanoTime() + patience.toNanos();
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      IOException trouble = tryAndRetry(open, answers);
      if (trouble == null) {
        return answers;
      }
      if (rules.whenUnavailable() == WhenUnavailable.DEFAULT) {
        open.forEach(key -> answers.put(key, Absent.UNAVAILABLE));
        return answers;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "%s: found no answer for %d s (%s); the bundle is begun again"
                .formatted(server.name(), patience.toSeconds(), trouble.getMessage()),
            trouble);
      }
      sleep(pause);
    }
  }

  /** Takes from {@code open} what was answered; what it met last where some is left. */
  private @Nullable IOException tryAndRetry(List<String> open, Map<String, Answer> answers)
      throws IOException {
    long pause = FIRST_PAUSE_MILLIS;
    for (int tries = 0; ; tries++) {
      IOException trouble = tryOnce(open, answers);
      if (open.isEmpty()) {
        return null;
      }
      if (tries == rules.retries() || !breaker.letsThrough()) {
        return trouble == null ? new IOException("the breaker is open") : trouble;
      }
      // Up to twice the pause, so that workers do not ask in step.
      sleep(pause + ThreadLocalRandom.current().nextLong(pause));
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private record Question(List<String> keys, Future<Map<String, Answer>> answers) {}

  private @Nullable IOException tryOnce(List<String> open, Map<String, Answer> answers)
      throws IOException {
    List<Question> under = new ArrayList<>();
    IOException trouble = null;
    for (int from = 0; from < open.size() && breaker.tryAcquire(); from += server.keysAtOnce()) {
      int to = Math.min(open.size(), from + server.keysAtOnce());
      List<String> keys = List.copyOf(open.subList(from, to));
      try {
        under.add(new Question(keys, questions.put(keys)));
        asked.inc(keys.size());
      } catch (IOException e) {
        breaker.failed(e);
        trouble = e;
      }
    }
    int rounds = (under.size() + server.connections() - 1) / server.connections();
    long deadline = System.nanoTime() + rounds * rules.timeout().toNanos();
    for (int i = 0; i < under.size(); i++) {
      Question question = under.get(i);
      try {
        take(question, deadline, answers);
        breaker.answered();
        open.removeAll(question.keys);
      } catch (InterruptedException e) {
        under.subList(i, under.size()).forEach(left -> breaker.release());
        throw interrupted(e);
      } catch (IOException e) {
        breaker.failed(e);
        trouble = e;
      }
    }
    return trouble;
  }

  private void take(Question question, long deadline, Map<String, Answer> answers)
      throws IOException, InterruptedException {
    Map<String, Answer> found;
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      found = question.answers.get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // One that has begun goes on: its connection may come up for the next.
      question.answers.cancel(false);
      throw new IOException("no answer within %d ms".formatted(rules.timeout().toMillis()), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      String message = e.getCause() == null ? null : e.getCause().getMessage();
      throw new IOException(message == null ? String.valueOf(e.getCause()) : message, e);
    }
    for (String key : question.keys) {
      Answer answer = found.getOrDefault(key, Absent.MISSING);
      answers.put(key, answer);
      cache.put(key, answer);
    }
  }

  private void sleep(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException(server.name() + ": interrupted while asking", e);
  }

  @Override
  public void close() {
    questions.close();
  }
}
