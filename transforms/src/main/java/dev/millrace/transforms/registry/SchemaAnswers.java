package dev.millrace.transforms.registry;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an endpoint answered, by schema: asked for once, however many want it at the same time.
 *
 * <p>Requests are made by threads of its own, so that an endpoint that hangs holds nobody for
 * longer than the patience, and nobody at all while the last thing heard of it was trouble. A
 * schema that could not be had is asked for again when somebody wants it, after a pause that grows
 * from try to try.
 */
final class SchemaAnswers {

  /** Makes the requests that it takes, again for as long as {@code patience}. */
  interface Asking {
    Optional<SchemaText> ask(SchemaId id, Duration patience);
  }

  private static final Logger LOG = LoggerFactory.getLogger(SchemaAnswers.class);
  private static final int KEPT = 10_000;
  private static final int ASKED_AT_ONCE = 4;
  private static final int QUEUED = 1_000;
  private static final long NEGATIVE_KEPT_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  /** The schema, or trouble, or neither: there is no such schema. */
  private record Answer(
      @Nullable SchemaText schema, @Nullable RuntimeException trouble, long atNanos) {

    boolean isAway() {
      return trouble != null && !(trouble instanceof UnusableSchemaException);
    }
  }

  private final Endpoint endpoint;
  private final Asking asking;
  private final Executor threads;
  private final LongSupplier nanos;
  private final Map<SchemaId, Question> questions = new Oldest();
  private volatile boolean answering = true;

  SchemaAnswers(Endpoint endpoint, Asking asking) {
    this(endpoint, asking, daemons(), System::nanoTime);
  }

  SchemaAnswers(Endpoint endpoint, Asking asking, Executor threads, LongSupplier nanos) {
    this.endpoint = endpoint;
    this.asking = asking;
    this.threads = threads;
    this.nanos = nanos;
  }

  Optional<SchemaText> find(SchemaId id) {
    Question question;
    boolean mine = false;
    synchronized (questions) {
      question = questions.get(id);
      if (question == null || question.isOver()) {
        question = new Question(id, question);
        questions.put(id, question);
        mine = true;
      }
    }
    long patience = question.again || !answering ? 0 : endpoint.patience().toNanos();
    if (mine) {
      question.ask();
    }
    return question.answer(patience);
  }

  private void heard(@Nullable String trouble) {
    boolean answers = trouble == null;
    if (answering != answers) {
      answering = answers;
      if (answers) {
        LOG.info("{} answers again", endpoint);
      } else {
        LOG.warn("{}; records that need a schema from there wait", trouble);
      }
    }
  }

  /** One asking for a schema; a next one takes its place when it failed or may have changed. */
  private final class Question {

    private final SchemaId id;
    private final boolean again;
    private final long pauseNanos;
    private final CompletableFuture<Answer> future = new CompletableFuture<>();

    Question(SchemaId id, @Nullable Question last) {
      this.id = id;
      this.again = last != null && last.future.join().isAway();
      this.pauseNanos =
          last != null && again
              ? Math.min(2 * last.pauseNanos, LONGEST_PAUSE_NANOS)
              : endpoint.firstPause().toNanos();
    }

    boolean isOver() {
      Answer answer = future.getNow(null);
      if (answer == null || answer.schema != null) {
        return false;
      }
      long age = nanos.getAsLong() - answer.atNanos;
      return age > (answer.isAway() ? pauseNanos : NEGATIVE_KEPT_NANOS);
    }

    void ask() {
      try {
        threads.execute(this::askNow);
      } catch (RejectedExecutionException e) {
        complete(
            null,
            new SchemaSourceUnavailableException(id, endpoint + ": asked too much at once", e));
      }
    }

    private void askNow() {
      try {
        complete(asking.ask(id, again ? Duration.ZERO : endpoint.patience()).orElse(null), null);
        heard(null);
      } catch (UnusableSchemaException e) {
        complete(null, e);
        heard(null);
      } catch (RuntimeException | Error e) {
        heard(String.valueOf(e.getMessage()));
        complete(null, new SchemaSourceUnavailableException(id, String.valueOf(e.getMessage()), e));
      }
    }

    private void complete(@Nullable SchemaText schema, @Nullable RuntimeException trouble) {
      future.complete(new Answer(schema, trouble, nanos.getAsLong()));
    }

    Optional<SchemaText> answer(long patience) {
      Answer answer = await(patience);
      if (answer.trouble instanceof UnusableSchemaException unusable) {
        throw new UnusableSchemaException(String.valueOf(unusable.getMessage()));
      }
      if (answer.trouble != null) {
        throw answer.trouble;
      }
      return Optional.ofNullable(answer.schema);
    }

    private Answer await(long patience) {
      try {
        return future.get(patience, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        String trouble = endpoint + ": no answer yet";
        heard(trouble);
        throw new SchemaSourceUnavailableException(id, trouble, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchemaSourceUnavailableException(id, endpoint + ": interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a question is never completed by an exception", e);
      }
    }
  }

  private static Executor daemons() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            ASKED_AT_ONCE,
            ASKED_AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED),
            task -> {
              Thread thread = new Thread(task, "schemas");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Drops what was not used for longest. */
  private static final class Oldest extends LinkedHashMap<SchemaId, Question> {
    Oldest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<SchemaId, Question> eldest) {
      return size() > KEPT;
    }
  }
}
