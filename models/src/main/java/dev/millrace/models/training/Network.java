package dev.millrace.models.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * A feed-forward network with rectified hidden layers and one logit, as a list of parameters:
 * weights and biases, layer by layer. Training and serving build their graphs from the same code,
 * so that they cannot drift apart.
 */
record Network(List<Parameter> parameters) {

  /** A named matrix ({@code columns > 0}) or vector, row by row. */
  static final class Parameter {
    private final String name;
    private final int rows;
    private final int columns;
    private final float[] values;

    Parameter(String name, int rows, int columns, float[] values) {
      this.name = name;
      this.rows = rows;
      this.columns = columns;
      this.values = values;
    }

    Shape shape() {
      return columns == 0 ? Shape.of(rows) : Shape.of(rows, columns);
    }
  }

  /**
   * Weights by He's rule for rectified layers, biases 0, but {@code logit} where the answer comes
   * out.
   */
  static Network random(String name, int inputs, List<Integer> hidden, float logit, long seed) {
    Random random = new Random(seed);
    List<Parameter> parameters = new ArrayList<>();
    int width = inputs;
    for (int layer = 0; layer <= hidden.size(); layer++) {
      int units = layer < hidden.size() ? hidden.get(layer) : 1;
      float[] weights = new float[width * units];
      double deviation = StrictMath.sqrt(2.0 / width);
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (random.nextGaussian() * deviation);
      }
      float[] biases = new float[units];
      Arrays.fill(biases, layer < hidden.size() ? 0 : logit);
      parameters.add(new Parameter(name + "_weights_" + layer, width, units, weights));
      parameters.add(new Parameter(name + "_biases_" + layer, units, 0, biases));
      width = units;
    }
    return new Network(parameters);
  }

  /** The same network with other values, as they came out of a training session. */
  Network with(List<float[]> values) {
    List<Parameter> trained = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter p = parameters.get(i);
      trained.add(new Parameter(p.name, p.rows, p.columns, values.get(i)));
    }
    return new Network(trained);
  }

  /**
   * Variables that start with the parameters' values. Reference variables, because TensorFlow Java
   * saves no others: it loses resource variables without a word.
   */
  List<Variable<TFloat32>> variables(Ops tf) {
    List<Variable<TFloat32>> variables = new ArrayList<>();
    for (Parameter p : parameters) {
      Variable<TFloat32> variable = tf.withName(p.name).variable(p.shape(), TFloat32.class);
      Ops initially = tf.withInitScope();
      initially.assign(
          variable, initially.constant(p.shape(), DataBuffers.of(p.values, true, false)));
      variables.add(variable);
    }
    return variables;
  }

  /** One logit per row, {@code [n]}. */
  static Operand<TFloat32> logits(
      Ops tf, List<Variable<TFloat32>> variables, Operand<TFloat32> rows) {
    Operand<TFloat32> layer = rows;
    int last = variables.size() - 2;
    for (int i = 0; i <= last; i += 2) {
      layer = tf.math.add(tf.linalg.matMul(layer, variables.get(i)), variables.get(i + 1));
      layer = i < last ? tf.nn.relu(layer) : layer;
    }
    return tf.reshape(layer, tf.constant(new int[] {-1}));
  }
}
