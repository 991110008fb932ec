package dev.millrace.benchmark.handwritten;

import dev.millrace.models.Lease;
import dev.millrace.models.SharedModels;
import dev.millrace.models.tensorflow.SavedModel;
import java.util.ArrayList;
import java.util.List;

/** Gathers payments and asks the model about many at a time. Not thread-safe. */
final class Scorer implements AutoCloseable {

  /** How many the model is asked about at once. */
  static final int BATCH = 128;

  private static final long DAY = 86_400_000;
  private static final long HOUR = 3_600_000;

  private final Lease<float[], float[]> lease;
  private final List<Decision> waiting = new ArrayList<>(BATCH);
  private final List<float[]> rows = new ArrayList<>(BATCH);

  Scorer(String model) {
    lease = SharedModels.acquire(SavedModel.at(model).withOutputs("probability").dense());
  }

  /** The name and version of the model. */
  String model() {
    return lease.model().version().name() + "/" + lease.model().version().version();
  }

  void add(Decision decision) {
    waiting.add(decision);
    rows.add(row(decision));
  }

  int waiting() {
    return waiting.size();
  }

  /** Asks about all that wait; they are valid until the next call. */
  List<Decision> score() {
    long start = System.nanoTime();
    List<float[]> answers = lease.model().predict(rows);
    long micros = (System.nanoTime() - start) / 1000;
    List<Decision> scored = List.copyOf(waiting);
    for (int i = 0; i < scored.size(); i++) {
      Decision one = scored.get(i);
      one.probability = answers.get(i)[0];
      one.modelMicros = micros;
      one.decision =
          one.probability >= 0.9 ? "DECLINE" : one.probability >= 0.6 ? "REVIEW" : "APPROVE";
    }
    waiting.clear();
    rows.clear();
    return scored;
  }

  @Override
  public void close() {
    lease.close();
  }

  private static float[] row(Decision decision) {
    // The first of January 1970 was a Thursday; hours and days are UTC.
    long weekday = Math.floorMod(Math.floorDiv(decision.payment.time, DAY) + 4, 7);
    decision.weekend = weekday == 0 || weekday == 6 ? 1 : 0;
    decision.night = Math.floorMod(decision.payment.time, DAY) < 7 * HOUR ? 1 : 0;
    float[] row = new float[15];
    row[0] = (float) decision.payment.amount;
    row[1] = decision.weekend;
    row[2] = decision.night;
    for (int i = 0; i < CustomerHistory.WINDOWS; i++) {
      row[3 + 2 * i] = decision.counts[i];
      row[4 + 2 * i] = (float) decision.means[i];
    }
    return row;
  }
}
