package dev.millrace.transforms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SchemaAnswersTest {

  private static final SchemaText TEXT = SchemaText.of("AVRO", "\"string\"");
  private static final Endpoint ENDPOINT =
      new Endpoint(
          "registry",
          "http://r",
          Duration.ofSeconds(5),
          Duration.ofMillis(1),
          Duration.ofMillis(100),
          null,
          null);

  private final AtomicLong nanos = new AtomicLong();
  private final Deque<Supplier<Optional<SchemaText>>> planned = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  private SchemaAnswers answers(Executor threads) {
    return new SchemaAnswers(ENDPOINT, this::ask, threads, nanos::get);
  }

  private Optional<SchemaText> ask(SchemaId id, Duration patience) {
    asked.add(id + " " + patience.toMillis());
    return planned.remove().get();
  }

  private static Optional<SchemaText> away() {
    throw new SchemaSourceUnavailableException("away", null);
  }

  private void after(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  private static void assertAway(SchemaAnswers answers, int id) {
    assertThatThrownBy(() -> answers.find(SchemaId.of(id)))
        .isInstanceOfSatisfying(
            SchemaSourceUnavailableException.class,
            e -> assertThat(e.schemaId()).isEqualTo(SchemaId.of(id)));
  }

  @Test
  void schema_that_cannot_be_had_is_asked_for_again_only_after_a_pause_that_grows() {
    SchemaAnswers answers = answers(Runnable::run);
    planned.add(SchemaAnswersTest::away);
    assertAway(answers, 7);
    after(100);
    assertAway(answers, 7);
    assertThat(asked).containsExactly("schema id 7 1");
    planned.add(SchemaAnswersTest::away);
    after(1);
    assertAway(answers, 7);
    after(200);
    assertAway(answers, 7);
    planned.add(() -> Optional.of(TEXT));
    after(1);
    assertThat(answers.find(SchemaId.of(7))).contains(TEXT);
    // The first with patience, the others once each.
    assertThat(asked).containsExactly("schema id 7 1", "schema id 7 0", "schema id 7 0");
  }

  @Test
  void pause_grows_to_five_seconds_and_no_further() {
    SchemaAnswers answers = answers(Runnable::run);
    for (int i = 0; i < 20; i++) {
      planned.add(SchemaAnswersTest::away);
      assertAway(answers, 7);
      after(5_001);
    }
    assertThat(asked).hasSize(20);
  }

  @Test
  void known_schemas_are_had_while_the_source_is_away() {
    SchemaAnswers answers = answers(Runnable::run);
    planned.add(() -> Optional.of(TEXT));
    assertThat(answers.find(SchemaId.of(1))).contains(TEXT);
    planned.add(SchemaAnswersTest::away);
    assertAway(answers, 2);
    assertThat(answers.find(SchemaId.of(1))).contains(TEXT);
  }

  @Test
  void nobody_waits_for_a_source_that_hangs_once_it_is_known_to() {
    // Requests that are never made: their askers give up after a millisecond, or at once.
    SchemaAnswers answers = answers(tasks::add);
    assertAway(answers, 7);
    assertAway(answers, 7);
    assertAway(answers, 8);
    assertThat(tasks).hasSize(2);
    planned.add(() -> Optional.of(TEXT));
    tasks.remove().run();
    assertThat(answers.find(SchemaId.of(7))).contains(TEXT);
  }

  @Test
  void that_there_is_no_schema_is_remembered_for_ten_seconds() {
    SchemaAnswers answers = answers(Runnable::run);
    planned.add(Optional::empty);
    assertThat(answers.find(SchemaId.of(7))).isEmpty();
    after(10_000);
    assertThat(answers.find(SchemaId.of(7))).isEmpty();
    planned.add(() -> Optional.of(TEXT));
    after(1);
    assertThat(answers.find(SchemaId.of(7))).contains(TEXT);
  }

  @Test
  void that_a_schema_is_unusable_is_remembered_as_long() {
    SchemaAnswers answers = answers(Runnable::run);
    planned.add(
        () -> {
          throw new UnusableSchemaException("too large");
        });
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> answers.find(SchemaId.of(7)))
          .isInstanceOf(UnusableSchemaException.class)
          .hasMessage("too large");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void more_than_can_be_asked_at_once_must_wait() {
    SchemaAnswers answers =
        answers(
            task -> {
              throw new RejectedExecutionException();
            });
    assertAway(answers, 7);
  }

  @Test
  void many_who_want_one_schema_ask_once() throws Exception {
    SynchronousQueue<Optional<SchemaText>> registry = new SynchronousQueue<>();
    Endpoint patient = ENDPOINT.withPatience(Duration.ofMinutes(1));
    ExecutorService threads = Executors.newCachedThreadPool();
    SchemaAnswers answers =
        new SchemaAnswers(patient, (id, patience) -> take(registry), threads, nanos::get);
    List<Future<Optional<SchemaText>>> found = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      found.add(threads.submit(() -> answers.find(SchemaId.of(7))));
    }
    registry.put(Optional.of(TEXT));
    for (Future<Optional<SchemaText>> each : found) {
      assertThat(each.get()).contains(TEXT);
    }
    threads.shutdown();
  }

  private static Optional<SchemaText> take(SynchronousQueue<Optional<SchemaText>> registry) {
    try {
      return registry.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
