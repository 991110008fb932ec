package dev.millrace.models.training;

import java.util.Random;
import org.tensorflow.Session;

/** The loop of training: shuffled batches, a falling learning rate. */
final class Epochs {

  private static final int BATCH = 256;
  private static final double LEARNING_RATE = 2e-3;

  private final TrainingSet set;
  private final TrainingGraph graph;
  private final Session session;
  private final Random random;
  private final int epochs;
  private final ClassifierTraining.Progress progress;
  private final int size;
  private final int perEpoch;
  private final float[] rows;
  private final float[] labels;
  private int step;

  Epochs(
      TrainingSet set,
      TrainingGraph graph,
      Session session,
      long seed,
      int epochs,
      ClassifierTraining.Progress progress) {
    this.set = set;
    this.graph = graph;
    this.session = session;
    this.random = new Random(seed);
    this.epochs = epochs;
    this.progress = progress;
    this.size = Math.min(BATCH, set.size());
    this.perEpoch = set.size() / size;
    this.rows = new float[size * set.columns().size()];
    this.labels = new float[size];
  }

  /** Runs all epochs; gives the mean loss of the last one. */
  double run() {
    int[] order = new int[set.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    double loss = Double.NaN;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      shuffle(order);
      loss = epoch(order);
      progress.epoch(epoch, epochs, loss);
    }
    return loss;
  }

  /**
   * What does not fill a batch waits for another epoch: by then the shuffle has put it elsewhere.
   */
  private double epoch(int[] order) {
    double total = 0;
    for (int batch = 0; batch < perEpoch; batch++) {
      for (int i = 0; i < size; i++) {
        int row = order[batch * size + i];
        set.copyRow(row, rows, i * set.columns().size());
        labels[i] = set.label(row) ? 1 : 0;
      }
      double done = (double) step / ((long) epochs * perEpoch);
      double rate = LEARNING_RATE * 0.5 * (1 + StrictMath.cos(StrictMath.PI * done));
      step++;
      total += graph.step(session, rows, labels, Adam.corrected(rate, step));
    }
    return total / perEpoch;
  }

  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[other];
      order[other] = moved;
    }
  }
}
