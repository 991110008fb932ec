package dev.millrace.models.tensorflow;

import dev.millrace.models.Model;
import dev.millrace.models.ModelCard;
import dev.millrace.models.ModelException;
import dev.millrace.models.ModelHandler;
import java.util.List;

/**
 * Serves a signature that takes one row of numbers per element, the fast way.
 *
 * <p>The signature has one input, {@code float32[?, d]} or {@code float32[d]}; a row is a {@code
 * float[d]} in the order of the card's {@link #inputs()}. What comes out is one {@code float[]} per
 * row: the numeric outputs in the order asked for, one behind the other.
 *
 * <pre>{@code
 * SavedModel.at("models/card-fraud").withOutputs("probability").dense()
 * }</pre>
 */
public final class DenseSavedModel implements ModelHandler<float[], float[]> {

  private static final long serialVersionUID = 1;

  private final SavedModel model;

  DenseSavedModel(SavedModel model) {
    this.model = model;
  }

  /**
   * The columns of a row, in order, by the model's card; empty for a foreign model, which has none.
   */
  public List<String> inputs() {
    return model.card().map(ModelCard::inputs).orElse(List.of());
  }

  /** The length of a row. */
  public int width() {
    return width(model.signature());
  }

  /** What will be called, read from the model's file without starting TensorFlow. */
  public Signature signature() {
    return model.signature();
  }

  @Override
  public String key() {
    return "rows of " + model.identity();
  }

  @Override
  public Model<float[], float[]> load() {
    ServedGraph graph = model.open();
    try {
      Signature called = graph.signature();
      int width = width(called);
      // A lone row has no batch dimension, however its size might look like one.
      boolean row = called.inputs().get(0).shape().map(List::size).orElse(0) == 1;
      return new DenseRows(graph, row ? Call.unbatched(called) : model.call(called), width);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private int width(Signature signature) {
    List<TensorSpec> inputs = signature.inputs();
    String type = ElementType.FLOAT32.toString();
    if (inputs.size() != 1
        || !inputs.get(0).dtype().equals(type)
        || inputs.get(0).shape().isEmpty()) {
      throw wrong(signature);
    }
    List<Long> shape = inputs.get(0).shape().get();
    boolean row = shape.size() == 1 || shape.size() == 2;
    if (!row || shape.get(shape.size() - 1) < 1) {
      throw wrong(signature);
    }
    for (TensorSpec output : signature.outputs()) {
      ElementType of = ElementType.of(signature.name(), output);
      if (of == ElementType.STRING || of == ElementType.BOOL) {
        throw ModelException.at(
            "signature " + signature.name(), "the output " + output, "a number");
      }
    }
    return Math.toIntExact(shape.get(shape.size() - 1));
  }

  private static ModelException wrong(Signature signature) {
    return ModelException.at(
        "model", signature.toString(), "one input float32[?, d] or float32[d], d being fixed");
  }
}
