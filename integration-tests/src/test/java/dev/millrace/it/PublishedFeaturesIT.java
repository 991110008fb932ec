package dev.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.assembly.Backfill;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult.State;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The features of {@code handbook.yaml} over sixty days of the Fraud Detection Handbook's payments,
 * against those that were published with them: every one on every row without a tie, once sorted by
 * time as a backfill does, and once in the order of arrival as a stream does.
 */
class PublishedFeaturesIT {

  private static final double TOLERANCE = 1e-9;
  private static final int DAYS = 60;

  /** Our names of the published columns. */
  private static final Map<String, String> COLUMNS = columns();

  @TempDir private static Path folder;
  private static Path payments;
  private static Path published;

  @BeforeAll
  static void cut_the_payments_to_the_days_of_the_published_features() throws IOException {
    published = SharedData.file("fraud/features_d000-d059.csv.gz");
    payments = folder.resolve("payments.csv");
    try (BufferedReader all = open(SharedData.file("fraud/transactions_d000-d121.csv.gz"));
        Writer cut = Files.newBufferedWriter(payments)) {
      List<String> header = Arrays.asList(all.readLine().split(",", -1));
      int day = header.indexOf("TX_TIME_DAYS");
      cut.write(String.join(",", header) + "\n");
      for (String row = all.readLine(); row != null; row = all.readLine()) {
        if (Integer.parseInt(row.split(",", -1)[day]) < DAYS) {
          cut.write(row + "\n");
        }
      }
    }
  }

  @Test
  void a_backfill_computes_the_published_features() throws IOException {
    compare(run("backfill.csv", false));
  }

  @Test
  void a_stream_in_order_computes_the_published_features() throws IOException {
    compare(run("stream.csv", true));
  }

  private static Path run(String name, boolean arrivalOrder) {
    Path out = folder.resolve(name);
    Path spec = Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud/handbook.yaml");
    PipelineSpec read =
        PipelineSpecReader.read(
            spec, Overrides.parse(List.of("events.from.files.path=" + payments)), System::getenv);
    String parallelism = "--parallelism=" + (arrivalOrder ? 1 : 2);
    Pipeline pipeline =
        Pipeline.create(
            RunnerArguments.of(Runner.FLINK, parallelism).options("--streaming=" + arrivalOrder));
    new Backfill(PipelinePlan.ofFeatures(read), out, List.of(), arrivalOrder).assemble(pipeline);
    assertThat(pipeline.run().waitUntilFinish()).isEqualTo(State.DONE);
    return out;
  }

  private static void compare(Path ours) throws IOException {
    Map<String, double[]> expected = published();
    long compared = 0;
    double worst = 0;
    try (BufferedReader rows = Files.newBufferedReader(ours)) {
      List<String> header = Arrays.asList(rows.readLine().split(",", -1));
      int[] at = COLUMNS.keySet().stream().mapToInt(header::indexOf).toArray();
      assertThat(at).doesNotContain(-1);
      for (String row = rows.readLine(); row != null; row = rows.readLine()) {
        String[] values = row.split(",", -1);
        double[] wanted = expected.remove(values[0]);
        if (wanted == null) {
          continue;
        }
        for (int i = 0; i < at.length; i++) {
          double difference = Math.abs(Double.parseDouble(values[at[i]]) - wanted[i]);
          if (!(difference <= TOLERANCE)) {
            assertThat(Double.parseDouble(values[at[i]]))
                .describedAs("%s of payment %s", header.get(at[i]), values[0])
                .isEqualTo(wanted[i]);
          }
          worst = Math.max(worst, difference);
        }
        compared++;
      }
    }
    assertThat(expected).describedAs("published rows that we have not").isEmpty();
    assertThat(compared).isGreaterThan(500_000);
    System.out.printf(
        "%s: %,d rows x %d features as published, largest difference %.1e%n",
        ours.getFileName(), compared, COLUMNS.size(), worst);
  }

  /** The published features by payment, without the rows where two payments share a second. */
  private static Map<String, double[]> published() throws IOException {
    Map<String, double[]> features = new HashMap<>();
    try (BufferedReader rows = open(published)) {
      List<String> header = Arrays.asList(rows.readLine().split(",", -1));
      int[] at = COLUMNS.values().stream().mapToInt(header::indexOf).toArray();
      int tie = header.indexOf("TIE_AMBIGUOUS");
      for (String row = rows.readLine(); row != null; row = rows.readLine()) {
        String[] values = row.split(",", -1);
        if (values[tie].equals("0")) {
          features.put(
              values[0],
              Arrays.stream(at).mapToDouble(i -> Double.parseDouble(values[i])).toArray());
        }
      }
    }
    return features;
  }

  private static BufferedReader open(Path gzip) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(gzip)), StandardCharsets.UTF_8));
  }

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("weekend", "TX_DURING_WEEKEND");
    columns.put("night", "TX_DURING_NIGHT");
    for (int days : List.of(1, 7, 30)) {
      columns.put("customer_count_" + days + "d", "CUSTOMER_ID_NB_TX_" + days + "DAY_WINDOW");
      columns.put("customer_mean_" + days + "d", "CUSTOMER_ID_AVG_AMOUNT_" + days + "DAY_WINDOW");
      columns.put("terminal_count_" + days + "d", "TERMINAL_ID_NB_TX_" + days + "DAY_WINDOW");
      columns.put("terminal_risk_" + days + "d", "TERMINAL_ID_RISK_" + days + "DAY_WINDOW");
    }
    return columns;
  }
}
