package dev.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedModelsTest {

  private static final AtomicInteger LOADED = new AtomicInteger();
  private static final AtomicInteger CLOSED = new AtomicInteger();

  @BeforeEach
  void nothing_is_loaded() {
    LOADED.set(0);
    CLOSED.set(0);
  }

  /** Doubles numbers until it is closed. */
  private static final class Doubling implements Model<Integer, Integer> {
    private volatile boolean closed;

    @Override
    public ModelVersion version() {
      return new ModelVersion("doubling", "1", "0".repeat(64));
    }

    @Override
    public List<Integer> predict(List<Integer> batch) {
      if (closed) {
        throw new IllegalStateException("closed while in use");
      }
      return batch.stream().map(x -> 2 * x).toList();
    }

    @Override
    public void close() {
      closed = true;
      CLOSED.incrementAndGet();
    }
  }

  private record Handler(String key, int failures) implements ModelHandler<Integer, Integer> {
    @Override
    public Model<Integer, Integer> load() {
      if (LOADED.incrementAndGet() <= failures) {
        throw ModelException.at("models/doubling", "no version", "one");
      }
      return new Doubling();
    }
  }

  @Test
  void equal_keys_share_one_model_until_the_last_lease_is_closed() {
    Lease<Integer, Integer> first = SharedModels.acquire(new Handler("a", 0));
    Lease<Integer, Integer> second = SharedModels.acquire(new Handler("a", 0));
    assertThat(first.model()).isSameAs(second.model());
    assertThat(LOADED).hasValue(1);

    first.close();
    first.close();
    assertThat(CLOSED).hasValue(0);
    assertThat(second.model().predict(List.of(21))).containsExactly(42);

    second.close();
    assertThat(CLOSED).hasValue(1);
  }

  @Test
  void other_keys_have_other_models() {
    try (Lease<Integer, Integer> a = SharedModels.acquire(new Handler("a", 0));
        Lease<Integer, Integer> b = SharedModels.acquire(new Handler("b", 0))) {
      assertThat(a.model()).isNotSameAs(b.model());
    }
    assertThat(CLOSED).hasValue(2);
  }

  @Test
  void a_model_is_loaded_again_after_everybody_left() {
    SharedModels.acquire(new Handler("a", 0)).close();
    SharedModels.acquire(new Handler("a", 0)).close();
    assertThat(LOADED).hasValue(2);
  }

  @Test
  void a_failed_load_is_tried_again() {
    Handler handler = new Handler("fails once", 1);
    assertThatThrownBy(() -> SharedModels.acquire(handler))
        .isInstanceOf(ModelException.class)
        .hasMessage("models/doubling: found no version, expected one");
    try (Lease<Integer, Integer> lease = SharedModels.acquire(handler)) {
      assertThat(lease.model().predict(List.of(1, 2))).containsExactly(2, 4);
    }
    assertThat(CLOSED).hasValue(1);
  }

  @Test
  void a_closed_lease_lends_nothing() {
    Lease<Integer, Integer> lease = SharedModels.acquire(new Handler("a", 0));
    lease.close();
    assertThatThrownBy(lease::model)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("doubling/1");
  }

  @Test
  void threads_that_come_and_go_never_meet_a_closed_model() throws Exception {
    int threads = 8;
    int rounds = 2_000;
    CyclicBarrier start = new CyclicBarrier(threads);
    Callable<Integer> work =
        () -> {
          start.await();
          int sum = 0;
          for (int i = 0; i < rounds; i++) {
            try (Lease<Integer, Integer> lease = SharedModels.acquire(new Handler("busy", 0))) {
              sum += lease.model().predict(List.of(1)).get(0);
            }
          }
          return sum;
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> sums = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        sums.add(pool.submit(work));
      }
      for (Future<Integer> sum : sums) {
        assertThat(sum.get()).isEqualTo(2 * rounds);
      }
    } finally {
      pool.shutdown();
    }
    assertThat(CLOSED.get()).isEqualTo(LOADED.get()).isPositive();
  }
}
