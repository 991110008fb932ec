package dev.millrace.it.lookup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.Millrace;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payments that failed behind history, and are replayed. */
class ReplayIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int UNKNOWN = 20;

  /** Without defaults: nothing can be decided about a customer that is not known. */
  private static final String KNOWN_CUSTOMERS =
      """
      - key: customer
        from: { kafka: { bootstrapServers: "%s", topic: customers } }
        columns: { segment: { string: segment }, credit: { double: limit } }
      """;

  @TempDir private Path folder;

  @Test
  void payments_of_an_unknown_customer_are_decided_once_each_when_he_is_known() throws Exception {
    try (CustomerPipeline customers = new CustomerPipeline(folder)) {
      customers.sendCustomer("c1", CustomerPipeline.customer(1));
      Path file = customers.write(KNOWN_CUSTOMERS.formatted(customers.broker.bootstrapServers()));
      customers.run(file, Runner.FLINK);
      customers.pay(0, UNKNOWN, "c2");
      letters(customers, UNKNOWN);
      // Too early: all of them fail again.
      assertThat(replay(file)).startsWith("20 records sent to payments; 0 repeats");
      assertThat(letters(customers, 2 * UNKNOWN))
          .extracting(DeadLetter::attempt)
          .containsOnly(1, 2);

      customers.sendCustomer("c2", CustomerPipeline.customer(2));
      int next = UNKNOWN;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      do {
        assertThat(System.nanoTime()).as("time until he is known").isLessThan(deadline);
        customers.pay(next, ++next, "c2");
      } while (!customers.isDecidedWithin(next - 1, Duration.ofSeconds(1)));
      int failed = customers.letters().size();

      // The first attempts are sent again as second ones, of which there were some: repeats.
      assertThat(replay(file)).startsWith(failed + " records sent to payments; 0 repeats");
      assertThat(replay(file)).startsWith(failed + " records sent to payments; 0 repeats");
      // Behind all of them in the one partition that there is.
      customers.pay(next, next + 1, "c2");
      assertThat(customers.columns(next, "payments_1d", "segment"))
          .containsExactly(Integer.toString(next + 1), "S2");
      for (int i = 0; i < next; i++) {
        assertThat(customers.columns(i, "payments_1d", "segment"))
            .as("p-%d", i)
            .containsExactly(Integer.toString(i + 1), "S2");
      }
      assertThat(customers.decisions().values()).hasSize(next + 1).allMatch(all -> all.size() == 1);
      assertThat(customers.letters()).hasSize(failed);
    }
  }

  private static List<DeadLetter> letters(CustomerPipeline customers, int expected)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<DeadLetter> letters = customers.letters();
      if (letters.size() >= expected) {
        assertThat(letters)
            .hasSize(expected)
            .allMatch(letter -> letter.reason() == Reason.LOOKUP_MISSING);
        return letters;
      }
      assertThat(System.nanoTime()).as("%d letters", letters.size()).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private static String replay(Path spec) {
    StringWriter out = new StringWriter();
    PrintWriter errors = new PrintWriter(System.err, true, UTF_8);
    int code =
        Millrace.run(
            new PrintWriter(out, true),
            errors,
            "deadletters",
            "replay",
            spec.toString(),
            "--execute");
    assertThat(code).as("exit code").isZero();
    return out.toString();
  }
}
