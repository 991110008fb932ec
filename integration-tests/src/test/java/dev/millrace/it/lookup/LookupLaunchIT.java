package dev.millrace.it.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.spec.SpecException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not there, or lets nobody in, is told at launch with its place. */
class LookupLaunchIT {

  private static final String PASSWORD = "canary-77e0aa";

  private static final String LOOKUP =
      """
      - key: customer
        from:
          %s
        columns: { segment: { string: segment, default: NONE }, credit: { double: credit, default: 0.0 } }
        status: customer_lookup
        %s
      """;

  @TempDir private Path folder;

  private AbstractThrowableAssert<?, ? extends Throwable> launching(
      CustomerPipeline customers, String from, String more) throws Exception {
    Path file = customers.write(LOOKUP.formatted(from, more));
    return assertThatThrownBy(
            () -> CustomerPipeline.assembled(CustomerPipeline.read(file), Runner.DIRECT))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("customers.yaml:11:7: ")
        .hasMessageNotContaining(PASSWORD);
  }

  @Test
  void tables_that_are_not_there_or_not_as_declared() throws Exception {
    try (CustomerPipeline customers = new CustomerPipeline(folder)) {
      String servers = customers.broker.bootstrapServers();
      launching(
              customers,
              "kafka: { bootstrapServers: \"%s\", topic: custmers }".formatted(servers),
              "")
          .hasMessageContaining("'custmers' does not exist")
          .hasMessageContaining("did you mean 'customers'?");
      launching(customers, "kafka: { bootstrapServers: \"127.0.0.1:1\", topic: customers }", "")
          .hasMessageContaining("no answer within 5000 ms");
      Files.writeString(
          folder.resolve("customer.avsc"),
          """
          {"type": "record", "name": "Customer", "fields": [
            {"name": "segment", "type": "string"}, {"name": "credit", "type": "double"}]}
          """);
      launching(
              customers,
              "kafka: { bootstrapServers: \"%s\", topic: customers, format: { avro: { contract: customer.avsc, registry: \"http://127.0.0.1:1\" } } }"
                  .formatted(servers),
              "")
          .hasMessageContaining("schema registry http://127.0.0.1:1");
      String file = "files: { path: customers.csv, key: id }";
      launching(customers, file, "").hasMessageContaining("found no such file");
      Files.writeString(folder.resolve("customers.csv"), "id,segmnt,credit\nc1,S1,1.0\n");
      launching(customers, file, "")
          .hasMessageContaining("customers.csv: found no field 'segment' (did you mean 'segmnt'?)");
      Files.writeString(folder.resolve("customers.csv"), "id,segment,credit\nc1,S1,1.0\nc1,S2,2\n");
      launching(customers, file, "")
          .hasMessageContaining("customers.csv, line 3: found key 'c1' twice, expected it once");
    }
  }

  @Test
  void redis_that_refuses_or_is_away() throws Exception {
    assumeTrue(RedisStand.isInstalled(), "SKIPPED: found no redis-server; see install-servers");
    Path wrong = Files.writeString(folder.resolve("wrong"), "another");
    Path right = Files.writeString(folder.resolve("right"), PASSWORD);
    try (RedisStand redis = RedisStand.start(folder, PASSWORD);
        CustomerPipeline customers = new CustomerPipeline(folder)) {
      String from = "redis: { url: \"%s\", key: \"customer:{key}\"%s }";
      launching(
              customers,
              from.formatted(redis.url(), ", password: \"secret:file:%s\"".formatted(wrong)),
              "whenUnavailable: default")
          .hasMessageContaining("a login that it refuses (WRONGPASS")
          .hasMessageNotContaining("another");
      launching(customers, from.formatted(redis.url(), ""), "").hasMessageContaining("NOAUTH");
      launching(customers, from.formatted(redis.url(), ", password: \"secret:file:/no/such\""), "")
          .hasMessageContaining("secret:file:/no/such: found no file that can be read");
      redis.stop();
      String login = from.formatted(redis.url(), ", password: \"secret:file:%s\"".formatted(right));
      launching(customers, login, "")
          .hasMessageContaining("found no answer (Failed to connect to 127.0.0.1:");
      // Who can do without is warned only.
      Path file = customers.write(LOOKUP.formatted(login, "whenUnavailable: default"));
      assertThat(CustomerPipeline.assembled(CustomerPipeline.read(file), Runner.DIRECT))
          .isNotNull();
    }
  }

  @Test
  void postgres_that_refuses_or_has_not_what_is_wanted() throws Exception {
    assumeTrue(PostgresStand.isInstalled(), "SKIPPED: found no PostgreSQL; see install-servers");
    Path wrong = Files.writeString(folder.resolve("wrong"), "another");
    Path right = Files.writeString(folder.resolve("right"), PASSWORD);
    try (PostgresStand postgres = PostgresStand.start(folder, PASSWORD);
        CustomerPipeline customers = new CustomerPipeline(folder)) {
      postgres.execute("create table customers (id text, segment text, limits text, opened date)");
      String from =
          "postgres: { url: \"%s\", user: millrace, password: \"secret:file:%s\", table: %s, key: %s }";
      launching(customers, from.formatted(postgres.url(), wrong, "customers", "id"), "")
          .hasMessageContaining("password authentication failed")
          .hasMessageContaining("expected a user and a password that it knows");
      launching(customers, from.formatted(postgres.url(), right, "custmers", "id"), "")
          .hasMessageContaining("relation \"custmers\" does not exist");
      launching(customers, from.formatted(postgres.url(), right, "customers", "id"), "")
          .hasMessageContaining("column \"credit\" does not exist");
      postgres.execute("alter table customers add column credit text");
      launching(customers, from.formatted(postgres.url(), right, "customers", "id"), "")
          .hasMessageContaining("column 'credit': found type text, expected a finite number");
      postgres.execute("alter table customers drop column credit, add column credit numeric(9, 2)");
      launching(customers, from.formatted(postgres.url(), right, "customers", "opened"), "")
          .hasMessageContaining(
              "key 'opened': found type date, expected text, varchar, an integer");
      postgres.stop();
      launching(customers, from.formatted(postgres.url(), right, "customers", "id"), "")
          .hasMessageContaining("found no answer (");
      postgres.start();
    }
  }

  @Test
  void web_service_that_lets_nobody_in_or_is_elsewhere() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong"), "another");
    try (CustomerService service = new CustomerService(PASSWORD);
        CustomerPipeline customers = new CustomerPipeline(folder)) {
      launching(
              customers,
              "http: { url: \"%s\", headers: { Authorization: \"secret:file:%s\" } }"
                  .formatted(service.url(), wrong),
              "whenUnavailable: default")
          .hasMessageContaining("found answer 401, expected headers by which it lets in who asks");
      launching(
              customers,
              "http: { url: \"%s\" }".formatted(service.url().replace("customers", "moved")),
              "")
          .hasMessageContaining("found a redirect (302)");
      launching(customers, "http: { url: \"http://127.0.0.1:1/{key}\" }", "")
          .hasMessageContaining("expected it to answer");
    }
  }
}
