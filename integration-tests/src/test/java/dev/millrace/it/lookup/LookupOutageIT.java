package dev.millrace.it.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.it.services.OwnServer;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.transforms.telemetry.StageCounter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server stops and starts while a pipeline asks it. */
class LookupOutageIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String PASSWORD = "canary-1c9b55";
  private static final String[] COLUMNS = {"segment", "credit", "customer_lookup"};

  /** Which server; both have customers c1 to c99. */
  enum Asked {
    REDIS {
      @Override
      boolean isInstalled() {
        return RedisStand.isInstalled();
      }

      @Override
      OwnServer start(Path folder) throws Exception {
        RedisStand redis = RedisStand.start(folder, PASSWORD);
        for (int i = 1; i < 100; i++) {
          redis.put("c" + i, Map.of("segment", "S" + i, "credit_limit", 100 * i + ".0"));
        }
        return redis;
      }

      @Override
      String from(OwnServer server, Path secret) {
        return "{ redis: { url: \"%s\", key: \"customer:{key}\", password: \"secret:file:%s\" } }"
            .formatted(((RedisStand) server).url(), secret);
      }
    },
    POSTGRES {
      @Override
      boolean isInstalled() throws Exception {
        return PostgresStand.isInstalled();
      }

      @Override
      OwnServer start(Path folder) throws Exception {
        PostgresStand postgres = PostgresStand.start(folder, PASSWORD);
        postgres.execute(
            "create table customers (id text primary key, segment text, credit_limit float8)");
        postgres.execute(
            "insert into customers select 'c' || n, 'S' || n, 100.0 * n from generate_series(1, 99) n");
        return postgres;
      }

      @Override
      String from(OwnServer server, Path secret) {
        return "{ postgres: { url: \"%s\", user: millrace, password: \"secret:file:%s\", table: customers, key: id } }"
            .formatted(((PostgresStand) server).url(), secret);
      }
    };

    abstract boolean isInstalled() throws Exception;

    abstract OwnServer start(Path folder) throws Exception;

    abstract String from(OwnServer server, Path secret);
  }

  @TempDir private Path folder;

  private Path write(CustomerPipeline customers, Asked asked, OwnServer server, String unavailable)
      throws Exception {
    Path secret = Files.writeString(folder.resolve("password"), PASSWORD);
    return customers.write(
        """
        - key: customer
          from: %s
          columns:
            segment: { string: segment, default: NONE }
            credit: { double: credit_limit, default: 0.0 }
          status: customer_lookup
          whenUnavailable: %s
          cache: { entries: 0 }
          timeout: 2s
          breaker: { failures: 50%%, of: 6, open: 500ms }
        """
            .formatted(asked.from(server, secret), unavailable));
  }

  @ParameterizedTest
  @EnumSource
  void payments_go_on_with_marked_defaults_until_the_server_is_back(Asked asked) throws Exception {
    assumeTrue(asked.isInstalled(), "SKIPPED: found no " + asked + "; see install-servers");
    try (OwnServer server = asked.start(folder);
        CustomerPipeline customers = new CustomerPipeline(folder)) {
      customers.run(write(customers, asked, server, "default"), Runner.FLINK);
      customers.pay(0, 50, "c5");
      for (int i = 0; i < 50; i++) {
        assertThat(customers.columns(i, COLUMNS)).containsExactly("S5", "500.0", "FOUND");
      }
      long opened = opened();
      server.stop();
      int next = 50;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (opened() == opened && System.nanoTime() < deadline) {
        customers.pay(next, next + 1, "c5");
        assertThat(customers.columns(next++, COLUMNS)).containsExactly("NONE", "0.0", "FALLBACK");
      }
      assertThat(opened()).isEqualTo(opened + 1);
      customers.pay(next, next + 50, "c5");
      for (int i = next; i < next + 50; i++) {
        assertThat(customers.columns(i, COLUMNS)).containsExactly("NONE", "0.0", "FALLBACK");
      }
      next += 50;
      server.start();
      String status = "FALLBACK";
      while (!status.equals("FOUND") && System.nanoTime() < deadline) {
        customers.pay(next, next + 1, "c5");
        status = customers.columns(next++, COLUMNS).get(2);
      }
      customers.pay(next, next + 20, "c6");
      for (int i = next; i < next + 20; i++) {
        assertThat(customers.columns(i, COLUMNS)).containsExactly("S6", "600.0", "FOUND");
      }
      assertThat(customers.decisions())
          .hasSize(next + 20)
          .allSatisfy((id, all) -> assertThat(all).hasSize(1));
      assertThat(customers.letters()).isEmpty();
      assertThat(customers.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void payments_that_wait_for_the_server_are_all_found_when_it_is_back(Asked asked)
      throws Exception {
    assumeTrue(asked.isInstalled(), "SKIPPED: found no " + asked + "; see install-servers");
    try (OwnServer server = asked.start(folder);
        CustomerPipeline customers = new CustomerPipeline(folder)) {
      customers.run(write(customers, asked, server, "wait"), Runner.FLINK);
      customers.pay(0, 1, "c5");
      assertThat(customers.columns(0, COLUMNS)).containsExactly("S5", "500.0", "FOUND");
      long opened = opened();
      server.stop();
      for (int i = 1; i < 100; i++) {
        customers.pay(i, i + 1, "c" + i);
      }
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (opened() == opened) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
      assertThat(customers.decisions()).hasSize(1);
      server.start();
      for (int i = 1; i < 100; i++) {
        assertThat(customers.columns(i, COLUMNS))
            .isEqualTo(List.of("S" + i, 100 * i + ".0", "FOUND"));
      }
      assertThat(customers.decisions()).hasSize(100);
      assertThat(customers.letters()).isEmpty();
    }
  }

  private static long opened() {
    return StageCounter.inThisJvm().getOrDefault("breakerOpened", 0L);
  }
}
