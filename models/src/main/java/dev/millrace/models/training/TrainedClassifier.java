package dev.millrace.models.training;

import com.google.protobuf.CodedOutputStream;
import dev.millrace.models.Model;
import dev.millrace.models.ModelCard;
import dev.millrace.models.VersionDirectory;
import dev.millrace.models.tensorflow.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A classifier that is trained and not yet published: its weights, in plain arrays. */
public final class TrainedClassifier {

  /** The name of the input: {@code float32[?, d]}, the columns in the order of the training set. */
  public static final String FEATURES = "features";

  /** The name of the output: {@code float32[?]}, from 0 to 1. */
  public static final String PROBABILITY = "probability";

  private static final int GOLDEN_OF_EACH_LABEL = 4;

  private final TrainingSet set;
  private final long seed;
  private final Normalisation normalisation;
  private final List<Network> networks;
  private final double loss;

  TrainedClassifier(
      TrainingSet set,
      long seed,
      Normalisation normalisation,
      List<Network> networks,
      double loss) {
    this.set = set;
    this.seed = seed;
    this.normalisation = normalisation;
    this.networks = networks;
    this.loss = loss;
  }

  /** The mean cross entropy of the last epoch. */
  public double loss() {
    return loss;
  }

  /**
   * Publishes this classifier as a SavedModel with the signature {@code serving_default} and a
   * {@link ModelCard} that has the scores of a few training rows.
   *
   * @return the version's folder
   */
  public Path publish(VersionDirectory directory, long version, Provenance provenance) {
    return directory.publish(
        version,
        folder -> {
          export(folder);
          card(folder, version, provenance).writeTo(folder);
        });
  }

  /** From a graph of its own, so that nothing of the training is in it. */
  private void export(Path folder) throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> rows =
          tf.withName(FEATURES)
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, set.columns().size())));
      Operand<TFloat32> normal = normalisation.apply(tf, rows);
      List<Operand<TFloat32>> votes = new ArrayList<>();
      for (Network network : networks) {
        votes.add(tf.math.sigmoid(Network.logits(tf, network.variables(tf), normal)));
      }
      Operand<TFloat32> probability =
          tf.withName(PROBABILITY).math.mul(tf.math.addN(votes), tf.constant(1f / networks.size()));
      session.initialize();
      SavedModelBundle.exporter(folder.toString())
          .withSession(session)
          .withSignature(
              Signature.builder(Signature.DEFAULT_KEY)
                  .input(FEATURES, rows)
                  .output(PROBABILITY, probability)
                  .methodName("tensorflow/serving/predict")
                  .build())
          .export();
    }
    inOneOrder(folder.resolve("saved_model.pb"));
  }

  /**
   * The exporter writes maps in whatever order; in a fixed one, the same training gives the same
   * file.
   */
  private static void inOneOrder(Path file) throws IOException {
    org.tensorflow.proto.SavedModel model =
        org.tensorflow.proto.SavedModel.parseFrom(Files.readAllBytes(file));
    byte[] bytes = new byte[model.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    model.writeTo(out);
    Files.write(file, bytes);
  }

  private ModelCard card(Path folder, long version, Provenance provenance) {
    SortedMap<String, Double> metrics = new TreeMap<>(provenance.metrics());
    metrics.put("training_rows", (double) set.size());
    metrics.put("training_positives", (double) set.positives());
    metrics.put("training_loss", loss);
    return new ModelCard(
        provenance.model(),
        Long.toString(version),
        Signature.DEFAULT_KEY,
        set.columns(),
        List.of(PROBABILITY),
        provenance.data(),
        seed,
        provenance.createdBy(),
        metrics,
        golden(folder),
        new TreeMap<>());
  }

  /** Scored by what was written to disk, the first rows of either label. */
  private List<ModelCard.GoldenRow> golden(Path folder) {
    List<float[]> rows = new ArrayList<>();
    for (boolean label : new boolean[] {true, false}) {
      IntStream.range(0, set.size())
          .filter(row -> set.label(row) == label)
          .limit(GOLDEN_OF_EACH_LABEL)
          .forEach(row -> rows.add(set.row(row)));
    }
    try (Model<float[], float[]> model = SavedModel.at(folder).dense().load()) {
      List<float[]> scores = model.predict(rows);
      return IntStream.range(0, rows.size())
          .mapToObj(i -> new ModelCard.GoldenRow(boxed(rows.get(i)), boxed(scores.get(i))))
          .toList();
    }
  }

  private static List<Float> boxed(float[] values) {
    List<Float> boxed = new ArrayList<>();
    for (float value : values) {
      boxed.add(value);
    }
    return boxed;
  }
}
