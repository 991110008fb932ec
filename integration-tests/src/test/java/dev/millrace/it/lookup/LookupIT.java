package dev.millrace.it.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is looked up while a pipeline runs: tables that change, and servers. */
class LookupIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String PASSWORD = "canary-83bd0f";

  private static final String TABLES =
      """
      - key: customer
        from: { kafka: { bootstrapServers: "%s", topic: customers } }
        columns:
          segment: { string: segment, default: NONE }
          credit: { double: limit, default: 0.0 }
        status: customer_lookup
      - key: segment
        from: { files: { path: segments.csv, key: segment, refresh: 100ms } }
        columns: { discount: { int: discount, default: -1 } }
      """;

  @TempDir private Path folder;

  @Test
  void tables_are_whole_before_the_first_payment_and_follow_their_sources() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (CustomerPipeline customers = new CustomerPipeline(folder)) {
      System.setErr(new PrintStream(log, true, UTF_8));
      for (int i = 1; i <= 200; i++) {
        customers.sendCustomer("c" + i, CustomerPipeline.customer(i));
      }
      customers.sendCustomer("c3", "{\"limit\": \"much\"}");
      customers.sendCustomer("c4", null);
      segments("S1,5", "S2,7", "S200,9");
      // The payments are there before the pipeline is.
      customers.pay(0, 1, "c1");
      customers.pay(1, 2, "c200");
      customers.pay(2, 3, "c3");
      customers.pay(3, 4, "c4");
      customers.run(
          customers.write(TABLES.formatted(customers.broker.bootstrapServers())), Runner.FLINK);
      String[] columns = {"segment", "credit", "customer_lookup", "discount", "decision"};
      assertThat(customers.columns(0, columns))
          .containsExactly("S1", "100.0", "FOUND", "5", "REVIEW");
      assertThat(customers.columns(1, columns))
          .containsExactly("S200", "20000.0", "FOUND", "9", "APPROVE");
      assertThat(customers.columns(3, columns))
          .containsExactly("NONE", "0.0", "MISSING", "-1", "APPROVE");
      assertThat(customers.letters())
          .extracting(DeadLetter::eventId, DeadLetter::reason, DeadLetter::message)
          .containsExactly(
              tuple(
                  "p-2",
                  Reason.LOOKUP_INVALID,
                  "customer in Kafka topic customers: field 'limit': found text of 4 characters, expected a finite number"));

      customers.sendCustomer("c1", "{\"segment\": \"S2\", \"limit\": 1000.0}");
      int seen = until(customers, 10, "c1", row -> row.get(0).equals("S2"));
      assertThat(customers.columns(seen, columns))
          .containsExactly("S2", "1000.0", "FOUND", "7", "APPROVE");

      segments("S1,5", "S2,8");
      seen = until(customers, seen + 1, "c1", row -> row.get(1).equals("8"));

      segments("S1,5", "S2,eight");
      until(() -> log.toString(UTF_8).contains("line 3: field 'discount': found text of 5"));
      customers.pay(seen + 1, seen + 2, "c1");
      assertThat(customers.columns(seen + 1, "discount")).containsExactly("8");
      segments("S1,5", "S2,6");
      until(customers, seen + 2, "c1", row -> row.get(1).equals("6"));
      assertThat(customers.isRunning()).isTrue();
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(UTF_8)).contains("the 2 records of before go on to serve");
  }

  @Test
  void table_goes_on_to_serve_while_the_broker_is_away_and_catches_up() throws Exception {
    try (CustomerPipeline customers = new CustomerPipeline(folder)) {
      customers.sendCustomer("c1", CustomerPipeline.customer(1));
      segments("S1,5");
      customers.run(
          customers.write(TABLES.formatted(customers.broker.bootstrapServers())), Runner.FLINK);
      customers.pay(0, 1, "c1");
      assertThat(customers.columns(0, "segment")).containsExactly("S1");
      customers.broker.restart();
      customers.sendCustomer("c1", "{\"segment\": \"S9\", \"limit\": 1.0}");
      until(customers, 1, "c1", row -> row.get(0).equals("S9"));
      assertThat(customers.isRunning()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK"})
  void servers_are_asked_in_batches_and_one_lookup_may_lean_on_another(Runner runner)
      throws Exception {
    assumeTrue(RedisStand.isInstalled(), "SKIPPED: found no redis-server; see install-servers");
    assumeTrue(PostgresStand.isInstalled(), "SKIPPED: found no PostgreSQL; see install-servers");
    Path secret = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (RedisStand redis = RedisStand.start(folder, PASSWORD);
        PostgresStand postgres = PostgresStand.start(folder, PASSWORD);
        CustomerService service = new CustomerService(PASSWORD);
        CustomerPipeline customers = new CustomerPipeline(folder)) {
      System.setErr(new PrintStream(log, true, UTF_8));
      redis.put("c1", Map.of("segment", "S1", "limit", "100.0", "branch", "17"));
      redis.put("c2", Map.of("segment", "S2", "limit", "much", "branch", "18"));
      redis.putText("c3", "no hash");
      postgres.execute(
          "create table branches (id int primary key, city text not null, since timestamptz, open boolean)");
      postgres.execute(
          "insert into branches values (17, 'Riga', '2020-02-29T12:00:00+02:00', true)");
      service.customers.put("Riga", "{\"risk\": 0.25, \"name\": \"R\\u012bga\"}");
      Path file =
          customers.write(
              """
              - key: customer
                from: { redis: { url: "%s", key: "customer:{key}", password: "secret:file:%s" } }
                columns:
                  segment: { string: segment, default: NONE }
                  credit: { double: limit, default: 0.0 }
                  branch: { int: branch, default: 0 }
                timeout: 10s
              - key: branch
                from: { postgres: { url: "%s", user: millrace, password: "secret:file:%s", table: public.branches, key: id } }
                columns:
                  city: { string: city, default: "" }
                  since: { timestamp: since, default: "1970-01-01T00:00:00Z" }
                  open: { bool: open, default: false }
                status: branch_lookup
                timeout: 10s
              - key: city
                from: { http: { url: "%s", headers: { Authorization: "secret:file:%s" } } }
                columns:
                  risk: { double: risk, default: 1.0 }
                  city_name: { string: name, default: "" }
                status: city_lookup
                timeout: 10s
              """
                  .formatted(redis.url(), secret, postgres.url(), secret, service.url(), secret));
      assertThat(
              Pipelines.described(CustomerPipeline.assembled(CustomerPipeline.read(file), runner)))
          .contains("secret:file:")
          .doesNotContain(PASSWORD);
      int launched = service.requests.get();
      customers.run(file, runner);
      customers.pay(0, 200, "c1");
      customers.pay(200, 201, "c2");
      customers.pay(201, 202, "c3");
      customers.pay(202, 203, "stranger");
      for (int i = 0; i < 200; i++) {
        assertThat(
                customers.columns(
                    i,
                    "segment",
                    "credit",
                    "branch",
                    "city",
                    "open",
                    "branch_lookup",
                    "risk",
                    "city_name",
                    "city_lookup"))
            .containsExactly(
                "S1", "100.0", "17", "Riga", "true", "FOUND", "0.25", "R\u012bga", "FOUND");
      }
      assertThat(String.valueOf(customers.await(0).get("since"))).startsWith("1582970400");
      assertThat(customers.columns(202, "segment", "branch_lookup", "city_lookup", "decision"))
          .containsExactly("NONE", "MISSING", "MISSING", "APPROVE");
      until(() -> customers.letters().size() == 2);
      assertThat(customers.letters())
          .extracting(DeadLetter::eventId, DeadLetter::reason)
          .containsExactlyInAnyOrder(
              tuple("p-200", Reason.LOOKUP_INVALID), tuple("p-201", Reason.LOOKUP_INVALID));
      // Riga and the empty city, and the question at launch: what was answered is remembered.
      assertThat(service.requests.get() - launched).isBetween(1, 8);
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(UTF_8)).doesNotContain(PASSWORD);
  }

  /** By a rename, as a new version should come. */
  private void segments(String... rows) throws Exception {
    Path next =
        Files.writeString(folder.resolve("next"), "segment,discount\n" + String.join("\n", rows));
    Files.move(next, folder.resolve("segments.csv"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Pays until a payment's segment and discount are as they should; which one that was. */
  private static int until(
      CustomerPipeline customers, int from, String customer, Predicate<List<String>> expected)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int i = from; System.nanoTime() < deadline; i++) {
      customers.pay(i, i + 1, customer);
      if (expected.test(customers.columns(i, "segment", "discount"))) {
        return i;
      }
    }
    throw new AssertionError("still not as expected after " + PATIENCE);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
