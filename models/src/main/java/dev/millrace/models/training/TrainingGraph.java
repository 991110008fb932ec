package dev.millrace.models.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * The graph that trains all members of an ensemble at once, each on its own loss, and the calls of
 * it.
 */
final class TrainingGraph {

  private final List<Network> networks;
  private final List<Variable<TFloat32>> variables = new ArrayList<>();
  private final Placeholder<TFloat32> rows;
  private final Placeholder<TFloat32> labels;
  private final Placeholder<TFloat32> learningRate;
  private final Operand<TFloat32> loss;
  private final List<Op> updates;

  private TrainingGraph(Ops tf, int width, Normalisation normalisation, List<Network> networks) {
    this.networks = networks;
    rows = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, width)));
    labels = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    learningRate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> normal = normalisation.apply(tf, rows);
    List<Operand<TFloat32>> losses = new ArrayList<>();
    for (Network network : networks) {
      List<Variable<TFloat32>> own = network.variables(tf);
      variables.addAll(own);
      losses.add(crossEntropy(tf, Network.logits(tf, own, normal)));
    }
    loss = tf.math.addN(losses);
    updates = Adam.step(tf, loss, variables, learningRate);
  }

  static TrainingGraph build(
      Graph graph, int width, Normalisation normalisation, List<Network> networks) {
    return new TrainingGraph(Ops.create(graph), width, normalisation, networks);
  }

  /**
   * The mean over the rows of -log(the probability given to the label), in the form that does not
   * overflow.
   */
  private Operand<TFloat32> crossEntropy(Ops tf, Operand<TFloat32> logits) {
    return tf.math.mean(
        tf.math.sub(tf.math.softplus(logits), tf.math.mul(labels, logits)), tf.constant(0));
  }

  /** Takes one step and gives the members' mean loss before it. */
  double step(Session session, float[] batch, float[] truth, float rate) {
    int width = batch.length / truth.length;
    try (Tensor x =
            TFloat32.tensorOf(Shape.of(truth.length, width), DataBuffers.of(batch, false, false));
        Tensor y = TFloat32.tensorOf(Shape.of(truth.length), DataBuffers.of(truth, false, false));
        Tensor r = TFloat32.scalarOf(rate)) {
      Session.Runner runner = session.runner().feed(rows, x).feed(labels, y).feed(learningRate, r);
      updates.forEach(runner::addTarget);
      try (Result result = runner.fetch(loss).run()) {
        return ((TFloat32) result.get(0)).getFloat() / networks.size();
      }
    }
  }

  /** The networks with the values that the session's variables have now. */
  List<Network> trained(Session session) {
    Session.Runner runner = session.runner();
    variables.forEach(runner::fetch);
    List<float[]> values = new ArrayList<>();
    try (Result result = runner.run()) {
      for (int i = 0; i < variables.size(); i++) {
        TFloat32 tensor = (TFloat32) result.get(i);
        float[] flat = new float[Math.toIntExact(tensor.shape().size())];
        tensor.copyTo(DataBuffers.of(flat, false, false));
        values.add(flat);
      }
    }
    List<Network> trained = new ArrayList<>();
    int from = 0;
    for (Network network : networks) {
      int to = from + network.parameters().size();
      trained.add(network.with(values.subList(from, to)));
      from = to;
    }
    return trained;
  }
}
