package dev.millrace.models.tensorflow;

import dev.millrace.models.ModelException;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.PredictionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.MetaGraphDef;

/** One signature of a loaded SavedModel: tensors in, tensors out, in the signature's order. */
final class ServedGraph implements AutoCloseable {

  private final ModelVersion version;
  private final Signature signature;
  private final SavedModelBundle bundle;
  private final List<? extends Operand<?>> inputs;
  private final List<? extends Operand<?>> outputs;

  private ServedGraph(ModelVersion version, Signature signature, SavedModelBundle bundle) {
    this.version = version;
    this.signature = signature;
    this.bundle = bundle;
    // Looked up once: by name, each call would ask the graph again.
    this.inputs = signature.inputs().stream().map(input -> operand(bundle, input)).toList();
    this.outputs = signature.outputs().stream().map(output -> operand(bundle, output)).toList();
  }

  static ServedGraph load(
      Path folder, ModelVersion version, Signature signature, ConfigProto config) {
    MetaGraphDef graph = Signatures.servingGraph(folder);
    requireVariables(folder, graph);
    SavedModelBundle bundle;
    try {
      bundle =
          SavedModelBundle.loader(folder.toString())
              .withTags(graph.getMetaInfoDef().getTagsList().toArray(String[]::new))
              .withConfigProto(config)
              .load();
    } catch (RuntimeException e) {
      throw new ModelException(folder + ": TensorFlow cannot load the model: " + e.getMessage(), e);
    }
    try {
      return new ServedGraph(version, signature, bundle);
    } catch (RuntimeException e) {
      bundle.close();
      throw new ModelException(
          folder + ": the graph lacks a tensor of " + signature + ": " + e.getMessage(), e);
    }
  }

  /** Without its variables a model loads all the same, and fails at the first call. */
  private static void requireVariables(Path folder, MetaGraphDef graph) {
    Path index = folder.resolve("variables/variables.index");
    boolean variables =
        graph.getGraphDef().getNodeList().stream()
            .anyMatch(
                node -> node.getOp().equals("VarHandleOp") || node.getOp().startsWith("Variable"));
    if (variables && !Files.exists(index)) {
      throw ModelException.at(index, "no such file", "the variables that the graph reads");
    }
  }

  private static Operand<?> operand(SavedModelBundle bundle, TensorSpec tensor) {
    int colon = tensor.tensor().lastIndexOf(':');
    String operation = colon < 0 ? tensor.tensor() : tensor.tensor().substring(0, colon);
    int index = colon < 0 ? 0 : Integer.parseInt(tensor.tensor().substring(colon + 1));
    return bundle.graph().operationOrThrow(operation).output(index);
  }

  /** Another signature of the same loaded model; closing it closes both. */
  ServedGraph calling(Signature other) {
    return new ServedGraph(version, other, bundle);
  }

  ModelVersion version() {
    return version;
  }

  Signature signature() {
    return signature;
  }

  /**
   * Calls the signature. The result holds the outputs by position and must be closed.
   *
   * @throws PredictionException with what TensorFlow says
   */
  Result run(List<Tensor> feeds, int elements) {
    Session.Runner runner = bundle.session().runner();
    for (int i = 0; i < feeds.size(); i++) {
      runner.feed(inputs.get(i), feeds.get(i));
    }
    for (Operand<?> output : outputs) {
      runner.fetch(output);
    }
    try {
      return runner.run();
    } catch (RuntimeException e) {
      throw new PredictionException(
          "model "
              + version
              + ", signature "
              + signature.name()
              + ", "
              + elements
              + " elements: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() {
    bundle.close();
  }
}
