package dev.millrace.transforms.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepAsideTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addInt64Field("number").build());
  private static final BoundedWindow WINDOW = GlobalWindow.INSTANCE;

  private final Set<String> threads = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Semaphore entrance = new Semaphore(1);
  private final AtomicInteger worked = new AtomicInteger();
  private final AtomicInteger drained = new AtomicInteger();
  private final Out out = new Out();
  private int failAt = -1;
  private boolean tornDown;
  private StepAside aside;

  @BeforeEach
  void setUp() throws Exception {
    aside = new StepAside(new Recording());
    aside.setUp();
    aside.startBundle();
  }

  @AfterEach
  void tearDown() {
    aside.tearDown();
    assertThat(tornDown).isTrue();
  }

  @Test
  void all_of_a_bundle_is_done_in_order_when_it_finishes() throws IOException {
    process(0, 5_000);
    aside.finishBundle(out);
    assertThat(out.results)
        .containsExactlyElementsOf(
            IntStream.range(0, 5_000)
                .mapToObj(i -> i % 10 == 7 ? "dead letter of " + i : "" + i)
                .toList());
    assertThat(threads).contains(Thread.currentThread().getName() + " (aside)");
  }

  @Test
  void an_event_does_not_wait_for_the_end_of_its_bundle() throws Exception {
    for (int i = 0; out.results.isEmpty() && i < 10_000; i++) {
      process(i, i + 1);
      Thread.sleep(1);
    }
    assertThat(out.results).startsWith("0");
    assertThat(threads).doesNotContain(Thread.currentThread().getName());
  }

  @Test
  void what_came_meanwhile_is_worked_on_together() throws Exception {
    entrance.acquireUninterruptibly();
    process(0, 1);
    waitUntil(entrance::hasQueuedThreads);
    process(1, 101);
    entrance.release();
    waitUntil(() -> worked.get() == 101);
    assertThat(drained).hasValueLessThanOrEqualTo(2);
    aside.finishBundle(out);
    assertThat(out.results).hasSize(101);
  }

  @Test
  void bundle_follows_bundle() throws IOException {
    for (int bundle = 0; bundle < 3; bundle++) {
      process(bundle * 300, bundle * 300 + 300);
      aside.finishBundle(out);
      assertThat(out.results).hasSize(bundle * 300 + 300);
      aside.startBundle();
    }
  }

  @Test
  void what_fails_aside_fails_the_bundle() {
    failAt = 200;
    assertThatThrownBy(
            () -> {
              process(0, 5_000);
              aside.finishBundle(out);
            })
        .isInstanceOf(IOException.class)
        .hasMessage("the broker is away");
    assertThat(out.results).hasSizeLessThanOrEqualTo(200);
  }

  private static void waitUntil(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(1);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private void process(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      EventBuilder builder = new EventBuilder(LAYOUT);
      builder.setLong(LAYOUT.column("number"), i);
      aside.process(builder.build("" + i, i, Origin.NONE), Instant.ofEpochMilli(i), WINDOW, out);
    }
  }

  private final class Recording implements EventStep {
    @Override
    public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
        throws IOException {
      threads.add(Thread.currentThread().getName());
      entrance.acquireUninterruptibly();
      entrance.release();
      worked.incrementAndGet();
      if (event.time() == failAt) {
        throw new IOException("the broker is away");
      }
      if (event.time() % 10 == 7) {
        out.deadLetter(
            DeadLetter.failed(Stage.DECIDE, event, Reason.COMPUTE_FAILED, event.id(), null),
            timestamp,
            window);
      } else {
        out.event(event, timestamp, window);
      }
    }

    @Override
    public void drain(Outlet out) {
      drained.incrementAndGet();
    }

    @Override
    public void tearDown() {
      tornDown = true;
    }
  }

  /** Only the thread that feeds the step may give anything out. */
  private static final class Out implements Outlet {
    private final Thread owner = Thread.currentThread();
    private final List<String> results = new ArrayList<>();

    @Override
    public void event(Event event, Instant timestamp, BoundedWindow window) {
      assertThat(Thread.currentThread()).isSameAs(owner);
      assertThat(timestamp.getMillis()).isEqualTo(event.time());
      results.add(event.id());
    }

    @Override
    public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
      assertThat(Thread.currentThread()).isSameAs(owner);
      results.add("dead letter of " + letter.message());
    }
  }
}
