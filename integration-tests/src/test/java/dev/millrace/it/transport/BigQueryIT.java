package dev.millrace.it.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.deadletters.DeadLetterTopic;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Payments from a broker to a table: by Google's own clients over HTTP and gRPC, to a server that
 * speaks as BigQuery does.
 */
class BigQueryIT {

  private static final int PAYMENTS = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration OUTAGE = Duration.ofSeconds(8);

  @TempDir private Path folder;
  private PaymentTopic payments;
  private BigQueryServer bigQuery;

  @BeforeEach
  void start() throws Exception {
    payments = new PaymentTopic(folder.resolve("kafka"));
    bigQuery = BigQueryServer.start(folder.resolve("bigquery"));
  }

  @AfterEach
  void stop() throws IOException {
    bigQuery.close();
    payments.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK"})
  void every_decision_is_a_row_and_what_the_table_refuses_a_dead_letter(Runner runner)
      throws Exception {
    bigQuery.refuse(row -> row.id().equals("p-7") || row.id().equals("p-70"));
    PipelineSpec spec = read();
    PipelineResult running = launch(spec, runner);
    try {
      payments.send(0, PAYMENTS);
      await(() -> ids().size() == PAYMENTS - 2);
      Map<String, String> expected = new TreeMap<>();
      IntStream.range(0, PAYMENTS).forEach(i -> expected.put("p-" + i, JsonPayments.decision(i)));
      expected.keySet().removeAll(Set.of("p-7", "p-70"));
      assertThat(decided()).isEqualTo(expected);
      List<DeadLetter> letters = letters(spec, 2);
      assertThat(letters).extracting(DeadLetter::eventId).containsExactlyInAnyOrder("p-7", "p-70");
      assertThat(letters)
          .allSatisfy(
              letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
                assertThat(letter.message())
                    .isEqualTo("found a row that BigQuery refuses: refused for its id");
                assertThat(letter.payload()).isNotEmpty();
              });
    } finally {
      running.cancel();
    }
  }

  @Test
  void what_is_decided_while_bigquery_is_away_is_there_when_it_is_back() throws Exception {
    PipelineResult running = launch(read(), Runner.FLINK);
    try {
      payments.send(0, 40);
      await(() -> ids().size() == 40);
      bigQuery.goAway();
      payments.send(40, 80);
      Thread.sleep(OUTAGE.toMillis());
      assertThat(ids()).hasSize(40);
      bigQuery.comeBack();
      payments.send(80, PAYMENTS);
      await(() -> ids().size() == PAYMENTS);
      System.out.printf(
          "away for %d s: %d payments, %d rows%n",
          OUTAGE.toSeconds(), PAYMENTS, bigQuery.rows().size());
      assertThat(running.getState()).isEqualTo(PipelineResult.State.RUNNING);
    } finally {
      running.cancel();
    }
  }

  @Test
  void what_is_wrong_is_told_at_launch_with_its_place() throws Exception {
    assertThatThrownBy(() -> launch(read("to.bigQuery.create=false"), Runner.DIRECT).cancel())
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(
            "payments.yaml:13:7: BigQuery table 'bank-one.fraud.decisions': found none")
        .hasMessageContaining("bq query --use_legacy_sql=false 'CREATE TABLE");
    launch(read(), Runner.DIRECT).cancel();
    bigQuery.alter(
        table ->
            table
                .replace(
                    "\"name\":\"amount\",\"type\":\"FLOAT64\"",
                    "\"name\":\"amount\",\"type\":\"STRING\"")
                .replace("\"name\":\"payments_1d\"", "\"name\":\"payments\""));
    assertThatThrownBy(() -> launch(read(), Runner.DIRECT).cancel())
        .isInstanceOf(SpecException.class)
        .hasMessageEndingWith(
            "payments.yaml:13:7: BigQuery table 'bank-one.fraud.decisions' does not hold the decisions of this pipeline:"
                + " column 'amount': found STRING, expected FLOAT64; column 'payments_1d': found none, expected INT64;"
                + " expected it to be altered, or another table");
    bigQuery.goAway();
    assertThatThrownBy(() -> launch(read(), Runner.DIRECT).cancel())
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("found no answer from http://127.0.0.1:");
  }

  private Map<String, String> decided() {
    Map<String, String> decided = new TreeMap<>();
    bigQuery.rows().forEach(row -> decided.put(row.id(), row.columns().get("decision")));
    return decided;
  }

  private Set<String> ids() {
    Set<String> ids = new HashSet<>();
    bigQuery.rows().forEach(row -> ids.add(row.id()));
    return ids;
  }

  private static List<DeadLetter> letters(PipelineSpec spec, int expected) throws Exception {
    List<DeadLetter> letters = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (letters.size() < expected && System.nanoTime() < deadline) {
      letters.clear();
      new DeadLetterTopic(spec.deadLetterTopic().orElseThrow()).read(letters::add);
    }
    return letters;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("nanoseconds until the deadline").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private PipelineSpec read(String... overrides) throws IOException {
    Path spec =
        JsonPayments.write(
            folder,
            payments.from(),
            "{ bigQuery: { table: \"bank-one:fraud.decisions\", create: true } }",
            payments.deadLetters());
    return Launched.read(spec, overrides);
  }

  private PipelineResult launch(PipelineSpec spec, Runner runner) {
    return Launched.run(spec, runner, bigQuery.options());
  }
}
