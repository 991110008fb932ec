package dev.millrace.models.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/** Small SavedModels of shapes that the shared data does not have, made as they are needed. */
enum Exported {
  /** Gives back one value of each type. */
  ALL_TYPES(
      tf -> {
        Signature.Builder signature = Signature.builder();
        for (Class<? extends TType> type :
            List.of(
                TFloat32.class,
                TFloat64.class,
                TInt32.class,
                TInt64.class,
                TBool.class,
                TString.class)) {
          echo(tf, signature, type.getSimpleName().substring(1).toLowerCase(Locale.ROOT), type);
        }
        return signature.build();
      }),

  /** Takes and gives raw bytes. */
  BYTES(
      tf -> {
        Signature.Builder signature = Signature.builder();
        echo(tf, signature, "image_bytes", TString.class);
        return signature.build();
      }),

  /** Doubles rows of two, always four together, and also gives their sum over all four. */
  FOUR_TOGETHER(
      tf -> {
        Operand<TFloat32> x = input(tf, TFloat32.class, Shape.of(4, 2));
        Operand<TFloat32> twice = tf.math.mul(x, tf.constant(2f));
        return Signature.builder()
            .input("x", x)
            .output("total", tf.sum(x, tf.constant(new int[] {0, 1})))
            .output("twice", twice)
            .build();
      }),

  /** Adds up each row of whatever length. */
  ANY_LENGTH(
      tf -> {
        Operand<TFloat32> x = input(tf, TFloat32.class, Shape.of(-1, -1));
        return Signature.builder().input("x", x).output("sum", tf.sum(x, tf.constant(1))).build();
      }),

  /** Scales one row by a scalar that has no batch dimension. */
  SCALED(
      tf -> {
        Operand<TFloat32> x = input(tf, TFloat32.class, Shape.of(-1, 2));
        Operand<TFloat32> by = input(tf, TFloat32.class, Shape.scalar());
        return Signature.builder()
            .input("x", x)
            .input("by", by)
            .output("y", tf.math.mul(x, by))
            .build();
      }),

  /** Doubles one row, alone in its call. */
  ONE_ROW(
      tf -> {
        Operand<TFloat32> x = input(tf, TFloat32.class, Shape.of(3));
        return Signature.builder().input("x", x).output("twice", tf.math.add(x, x)).build();
      }),

  /** Sums and counts as two outputs of other types than float32, and a row of two in between. */
  SEVERAL_OUTPUTS(
      tf -> {
        Operand<TFloat32> x = input(tf, TFloat32.class, Shape.of(-1, 3));
        Operand<TFloat32> sum = tf.sum(x, tf.constant(1));
        return Signature.builder()
            .input("x", x)
            .output("a_sum", tf.dtypes.cast(sum, TFloat64.class))
            .output("pair", tf.stack(List.of(sum, tf.math.neg(sum)), Stack.axis(1L)))
            .output("whole", tf.dtypes.cast(sum, TInt64.class))
            .build();
      }),

  /** Takes 3x2 integers per element. */
  MATRIX(
      tf -> {
        Operand<TInt32> x = input(tf, TInt32.class, Shape.of(-1, 3, 2));
        return Signature.builder().input("x", x).output("same", tf.identity(x)).build();
      }),

  /** Refuses numbers below zero, as only the graph knows. */
  POSITIVE_ONLY(
      tf -> {
        Operand<TFloat32> x = input(tf, TFloat32.class, Shape.of(-1, 1));
        Operand<TFloat32> checked =
            tf.withControlDependencies(
                    tf.assertThat(
                        tf.all(
                            tf.math.greaterEqual(x, tf.constant(0f)),
                            tf.constant(new int[] {0, 1})),
                        List.of(tf.constant("below zero"))))
                .identity(x);
        return Signature.builder().input("x", x).output("root", tf.math.sqrt(checked)).build();
      });

  // The functions capture nothing.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<Ops, Signature> graph;

  Exported(Function<Ops, Signature> graph) {
    this.graph = graph;
  }

  /** Writes the model into a folder of its own below {@code folder}. */
  Path in(Path folder) {
    Path target = folder.resolve(name());
    try (Graph g = new Graph();
        Session session = new Session(g)) {
      Ops tf = Ops.create(g);
      // The exporter wants a variable to save.
      var unused = tf.withName("unused").variable(Shape.scalar(), TFloat32.class);
      tf.withInitScope().assign(unused, tf.withInitScope().constant(1f));
      Signature signature = graph.apply(tf);
      session.initialize();
      SavedModelBundle.exporter(target.toString())
          .withSession(session)
          .withSignature(signature)
          .export();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target;
  }

  private static <T extends TType> Operand<T> input(Ops tf, Class<T> type, Shape shape) {
    return tf.placeholder(type, Placeholder.shape(shape));
  }

  private static <T extends TType> void echo(
      Ops tf, Signature.Builder to, String name, Class<T> type) {
    Operand<T> x = input(tf, type, Shape.of(-1));
    to.input(name, x).output(name, tf.identity(x));
  }
}
