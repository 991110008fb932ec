package dev.millrace.models.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * The Adam optimiser (Kingma and Ba, 2015) that gives the same bits each time.
 *
 * <p>TensorFlow Java's own does not, on one thread either: it updates its powers of beta while
 * other steps read them, and variables while gradients still do. Here the correction for those
 * powers is part of the learning rate that is fed, and no variable moves before all gradients are
 * there.
 */
final class Adam {

  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private Adam() {}

  /** One step for all variables. */
  static List<Op> step(
      Ops tf,
      Operand<TFloat32> loss,
      List<Variable<TFloat32>> variables,
      Operand<TFloat32> learningRate) {
    List<Operand<TFloat32>> gradients = new ArrayList<>();
    List<Operation> ready = new ArrayList<>();
    List<Output<?>> raw = tf.gradients(loss, variables).dy();
    for (int i = 0; i < variables.size(); i++) {
      Operand<TFloat32> gradient = raw.get(i).expect(TFloat32.class);
      gradients.add(gradient);
      ready.add(gradient.op());
    }
    Ops then = tf.withControlDependencyOps(ready);
    Operand<TFloat32> zero = tf.constant(0f);
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      updates.add(
          then.train.applyAdam(
              variables.get(i),
              moment(tf, variables.get(i)),
              moment(tf, variables.get(i)),
              zero,
              zero,
              learningRate,
              tf.constant(BETA1),
              tf.constant(BETA2),
              tf.constant(EPSILON),
              gradients.get(i)));
    }
    return updates;
  }

  /** The learning rate to feed at a step (from 1), corrected for moments that started at 0. */
  static float corrected(double learningRate, int step) {
    double first = 1 - StrictMath.pow(BETA1, step);
    double second = 1 - StrictMath.pow(BETA2, step);
    return (float) (learningRate * StrictMath.sqrt(second) / first);
  }

  private static Variable<TFloat32> moment(Ops tf, Variable<TFloat32> of) {
    Variable<TFloat32> moment = tf.variable(of.shape(), TFloat32.class);
    Ops initially = tf.withInitScope();
    initially.assign(
        moment, initially.fill(initially.constant(of.shape().asArray()), initially.constant(0f)));
    return moment;
  }
}
