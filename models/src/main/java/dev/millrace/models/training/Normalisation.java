package dev.millrace.models.training;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What the graph does to a row before the network sees it: each column twice, as it is and as its
 * signed logarithm, both moved and scaled to mean 0 and standard deviation 1 over the training set.
 *
 * <p>The logarithm makes ratios of columns (an amount against its mean) differences, which a small
 * network learns from few rows.
 */
final class Normalisation {

  private final float[] mean;
  private final float[] scale;

  private Normalisation(float[] mean, float[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  static Normalisation of(TrainingSet set) {
    int width = set.columns().size();
    float[] mean = new float[2 * width];
    float[] scale = new float[2 * width];
    for (int column = 0; column < width; column++) {
      fit(set, column, false, column, mean, scale);
      fit(set, column, true, width + column, mean, scale);
    }
    return new Normalisation(mean, scale);
  }

  private static void fit(
      TrainingSet set, int column, boolean log, int at, float[] mean, float[] scale) {
    double sum = 0;
    for (int row = 0; row < set.size(); row++) {
      sum += value(set, row, column, log);
    }
    double average = sum / set.size();
    double squares = 0;
    for (int row = 0; row < set.size(); row++) {
      double distance = value(set, row, column, log) - average;
      squares += distance * distance;
    }
    double deviation = StrictMath.sqrt(squares / set.size());
    mean[at] = (float) average;
    // A column that is constant in training says nothing; let it not blow up when it moves later.
    scale[at] = deviation > 1e-6 ? (float) (1 / deviation) : 0;
  }

  private static double value(TrainingSet set, int row, int column, boolean log) {
    double value = set.value(row, column);
    return log ? StrictMath.copySign(StrictMath.log1p(StrictMath.abs(value)), value) : value;
  }

  int width() {
    return mean.length;
  }

  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> rows) {
    Operand<TFloat32> logs = tf.math.mul(tf.math.sign(rows), tf.math.log1p(tf.math.abs(rows)));
    Operand<TFloat32> both = tf.concat(List.of(rows, logs), tf.constant(1));
    return tf.math.mul(tf.math.sub(both, tf.constant(mean)), tf.constant(scale));
  }
}
