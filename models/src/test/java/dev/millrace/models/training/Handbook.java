package dev.millrace.models.training;

import static java.time.ZoneOffset.UTC;

import dev.millrace.models.evaluation.DetectionProtocol;
import dev.millrace.models.evaluation.ScoredTransaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The handbook's transactions with their published features, as far as a protocol's days need them.
 */
record Handbook(DetectionProtocol protocol, List<Row> rows) {

  static final List<String> COLUMNS =
      List.of(
          "amount",
          "weekend",
          "night",
          "customer_count_1d",
          "customer_mean_1d",
          "customer_count_7d",
          "customer_mean_7d",
          "customer_count_30d",
          "customer_mean_30d",
          "terminal_count_1d",
          "terminal_risk_1d",
          "terminal_count_7d",
          "terminal_risk_7d",
          "terminal_count_30d",
          "terminal_risk_30d");

  static final class Row {
    private final String customer;
    private final Instant time;
    private final boolean fraud;
    private final float[] features;

    Row(String customer, Instant time, boolean fraud, float[] features) {
      this.customer = customer;
      this.time = time;
      this.fraud = fraud;
      this.features = features;
    }
  }

  static Handbook read(Path transactions, Path features, DetectionProtocol protocol)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    try (BufferedReader feature = lines(features);
        BufferedReader transaction = lines(transactions)) {
      feature.readLine();
      transaction.readLine();
      // Both files are in the order of the ids, the features lacking none of their days.
      for (String line; (line = transaction.readLine()) != null; ) {
        String[] t = line.split(",", -1);
        Instant time = Instant.parse(t[1]);
        String line2 = feature.readLine();
        if (line2 == null || !time.isBefore(protocol.end().atStartOfDay().toInstant(UTC))) {
          break;
        }
        if (time.isBefore(protocol.trainFrom().atStartOfDay().toInstant(UTC))) {
          continue;
        }
        String[] f = line2.split(",", -1);
        if (!f[0].equals(t[0])) {
          throw new IOException("features of " + f[0] + " beside transaction " + t[0]);
        }
        float[] values = new float[COLUMNS.size()];
        values[0] = Float.parseFloat(t[4]);
        for (int i = 1; i < values.length; i++) {
          values[i] = Float.parseFloat(f[i]);
        }
        rows.add(new Row(t[2], time, t[7].equals("1"), values));
      }
    }
    return new Handbook(protocol, rows);
  }

  TrainingSet trainingSet() {
    TrainingSet set = TrainingSet.of(COLUMNS);
    rows.stream()
        .filter(row -> protocol.isTraining(row.time))
        .forEach(row -> set.add(row.features, row.fraud));
    return set;
  }

  List<float[]> testRows() {
    return rows.stream().filter(row -> protocol.isTest(row.time)).map(row -> row.features).toList();
  }

  /** All transactions, those of the test days with the scores of {@link #testRows()}. */
  List<ScoredTransaction> scored(List<float[]> scores) {
    List<ScoredTransaction> scored = new ArrayList<>();
    int next = 0;
    for (Row row : rows) {
      scored.add(
          protocol.isTest(row.time)
              ? new ScoredTransaction(row.customer, row.time, row.fraud, scores.get(next++)[0])
              : ScoredTransaction.unscored(row.customer, row.time, row.fraud));
    }
    return scored;
  }

  private static BufferedReader lines(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
  }
}
