package dev.millrace.transforms.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.lookup.Answer.Absent;
import dev.millrace.transforms.lookup.Answer.Found;
import dev.millrace.transforms.lookup.Answer.Invalid;
import dev.millrace.transforms.lookup.AskingRules.WhenUnavailable;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AskedReferenceTest {

  private final FakeServer server =
      FakeServer.usual().with("a", "GOLD", 5.0).with("b", "BASE", 1.0);

  @Test
  void an_answer_is_remembered_and_so_is_that_there_is_none() throws IOException {
    try (AskedReference reference = new AskedReference(server, Rules.waiting())) {
      assertThat(reference.known("a")).isNull();
      Map<String, Answer> answers = reference.ask(List.of("a", "x"));
      assertThat(answers.get("a")).isInstanceOf(Found.class);
      assertThat(answers).containsEntry("x", Absent.MISSING).hasSize(2);
      assertThat(reference.known("a")).isSameAs(answers.get("a"));
      assertThat(reference.known("x")).isEqualTo(Absent.MISSING);
      assertThat(server.questions).containsExactly(List.of("a", "x"));
    }
  }

  @Test
  void bad_record_is_asked_for_again_soon_for_somebody_may_mend_it() throws IOException {
    server.records.put("bad", Map.of("segment", "GOLD", "limit", "much"));
    AtomicLong nanos = new AtomicLong();
    try (AskedReference reference =
        new AskedReference(server, Rules.waiting(), AskedReference.PATIENCE, nanos::get)) {
      assertThat(reference.ask(List.of("a", "bad")).get("bad")).isInstanceOf(Invalid.class);
      nanos.set(Duration.ofSeconds(9).toNanos());
      assertThat(reference.known("bad")).isInstanceOf(Invalid.class);
      nanos.set(Duration.ofSeconds(11).toNanos());
      assertThat(reference.known("bad")).isNull();
      server.with("bad", "GOLD", 7.0);
      assertThat(reference.ask(List.of("bad")).get("bad")).isInstanceOf(Found.class);
      // Both are as good as any by now.
      nanos.set(Duration.ofMinutes(9).toNanos());
      assertThat(reference.known("bad")).isInstanceOf(Found.class);
      assertThat(reference.known("a")).isInstanceOf(Found.class);
      nanos.set(Duration.ofMinutes(10).toNanos());
      assertThat(reference.known("a")).isNull();
    }
  }

  @Test
  void bad_record_is_kept_no_longer_than_any_other() throws IOException {
    server.records.put("bad", Map.of("segment", "GOLD", "limit", "much"));
    AskingRules usual = Rules.waiting();
    AskingRules second =
        new AskingRules(
            usual.entries(),
            Duration.ofSeconds(1),
            usual.timeout(),
            usual.retries(),
            usual.whenUnavailable(),
            usual.breaker());
    AtomicLong nanos = new AtomicLong();
    try (AskedReference reference =
        new AskedReference(server, second, AskedReference.PATIENCE, nanos::get)) {
      reference.ask(List.of("bad"));
      nanos.set(Duration.ofSeconds(1).toNanos());
      assertThat(reference.known("bad")).isNull();
    }
  }

  @Test
  void nothing_is_remembered_without_a_cache() throws IOException {
    AskingRules rules = Rules.of(WhenUnavailable.WAIT, 0, Duration.ofSeconds(10));
    try (AskedReference reference = new AskedReference(server, rules)) {
      reference.ask(List.of("a"));
      reference.ask(List.of("a"));
      assertThat(server.questions).containsExactly(List.of("a"), List.of("a"));
    }
  }

  @Test
  void many_keys_are_asked_in_questions_of_the_servers_size() throws IOException {
    FakeServer small = new FakeServer(FakeServer.COLUMNS, 2).with("c", "BASE", 1.0);
    try (AskedReference reference = new AskedReference(small, Rules.waiting())) {
      Map<String, Answer> answers = reference.ask(List.of("a", "b", "c"));
      assertThat(small.questions).containsExactlyInAnyOrder(List.of("a", "b"), List.of("c"));
      assertThat(answers.get("c")).isInstanceOf(Found.class);
      assertThat(answers).hasSize(3);
    }
  }

  @Test
  void a_question_that_failed_is_put_again_and_those_that_did_not_are_not() throws IOException {
    FakeServer once =
        new FakeServer(FakeServer.COLUMNS, 1).with("a", "GOLD", 5.0).with("b", "BASE", 1.0);
    once.failNext("b");
    try (AskedReference reference = new AskedReference(once, Rules.waiting())) {
      assertThat(reference.ask(List.of("a", "b")).values()).hasOnlyElementsOfType(Found.class);
      assertThat(once.questions)
          .containsExactlyInAnyOrder(List.of("a"), List.of("b"), List.of("b"));
    }
  }

  @Test
  void breaker_opens_after_failures_and_defaults_come_without_a_question() throws Exception {
    server.away = true;
    long before = opened();
    try (AskedReference reference = new AskedReference(server, Rules.defaulting())) {
      assertThat(reference.ask(List.of("a"))).containsEntry("a", Absent.UNAVAILABLE);
      assertThat(reference.ask(List.of("a"))).containsEntry("a", Absent.UNAVAILABLE);
      assertThat(opened()).isEqualTo(before + 1);
      // It answers by now, but nobody asks it.
      server.away = false;
      assertThat(reference.ask(List.of("a"))).containsEntry("a", Absent.UNAVAILABLE);
      assertThat(server.questions).isEmpty();
      // What is made up is not remembered.
      assertThat(reference.known("a")).isNull();

      Answer answer = Absent.UNAVAILABLE;
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (answer == Absent.UNAVAILABLE && System.nanoTime() < deadline) {
        answer = reference.ask(List.of("a")).get("a");
      }
      assertThat(answer).isInstanceOf(Found.class);
    }
  }

  @Test
  void a_server_that_hangs_costs_no_more_than_the_timeouts() throws Exception {
    server.held = new CountDownLatch(1);
    AskingRules rules = Rules.of(WhenUnavailable.DEFAULT, 10, Duration.ofMillis(50));
    try (AskedReference reference = new AskedReference(server, rules)) {
      long began = System.nanoTime();
      assertThat(reference.ask(List.of("a"))).containsEntry("a", Absent.UNAVAILABLE);
      // Two tries of 50 ms and a pause; the server would take for ever.
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(Duration.ofMillis(100), Duration.ofSeconds(5));
    } finally {
      server.held.countDown();
    }
  }

  @Test
  void events_that_wait_get_the_answer_when_the_server_is_back() throws Exception {
    server.away = true;
    try (AskedReference reference = new AskedReference(server, Rules.waiting())) {
      Thread back =
          new Thread(
              () -> {
                server.awaitRefusals(3);
                server.away = false;
              });
      back.start();
      assertThat(reference.ask(List.of("a")).get("a")).isInstanceOf(Found.class);
      back.join();
    }
  }

  @Test
  void bundle_fails_when_patience_is_over() {
    server.away = true;
    Duration patience = Duration.ofMillis(300);
    try (AskedReference reference = new AskedReference(server, Rules.waiting(), patience)) {
      assertThatThrownBy(() -> reference.ask(List.of("a")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("fake server: found no answer for 0 s (")
          .hasMessageContaining("the bundle is begun again");
      assertThat(reference.known("a")).isNull();
    }
  }

  private static long opened() {
    return StageCounter.inThisJvm().getOrDefault("breakerOpened", 0L);
  }
}
