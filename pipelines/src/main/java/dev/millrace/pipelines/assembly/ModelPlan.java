package dev.millrace.pipelines.assembly;

import dev.millrace.models.ModelCard;
import dev.millrace.models.ModelException;
import dev.millrace.models.ModelHandler;
import dev.millrace.models.tensorflow.SavedModel;
import dev.millrace.models.tensorflow.Signature;
import dev.millrace.models.tensorflow.TensorSpec;
import dev.millrace.pipelines.spec.InferSpec;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.inference.DenseBinding;
import dev.millrace.transforms.inference.ModelBinding;
import dev.millrace.transforms.inference.NamedBinding;
import dev.millrace.transforms.inference.RunInference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/**
 * How a model is asked: its signature was read and fits the columns.
 *
 * @param inference the transform
 * @param columns what it adds
 * @param version the model's name and version, as {@code name/version}
 */
public record ModelPlan(RunInference<?, ?> inference, List<Field> columns, String version) {

  /** A model that does not fit, and the path of the spec at which it does not. */
  static final class Mismatch extends RuntimeException {
    private final String path;

    Mismatch(String path, String problem) {
      super(problem);
      this.path = path;
    }

    String path() {
      return path;
    }
  }

  /**
   * Reads the model's signature and card.
   *
   * @throws Mismatch saying what was found and what was expected
   */
  static ModelPlan of(InferSpec spec, EventLayout layout) {
    try {
      SavedModel model = SavedModel.at(spec.model()).withSignature(spec.signature());
      checkOutputs(spec, model.signature());
      model = model.withOutputs(spec.outputs().values().toArray(String[]::new));
      return takesRows(model.signature())
          ? rows(spec, model, layout)
          : tensors(spec, model, layout);
    } catch (ModelException e) {
      throw new Mismatch("infer.model", String.valueOf(e.getMessage()));
    }
  }

  private static boolean takesRows(Signature signature) {
    return signature.inputs().size() == 1
        && signature.inputs().get(0).dtype().equals("float32")
        && signature.inputs().get(0).shape().map(List::size).equals(Optional.of(2));
  }

  private static ModelPlan rows(InferSpec spec, SavedModel model, EventLayout layout) {
    checkInputs(spec, model.card());
    int width = model.dense().width();
    if (width != spec.inputs().size()) {
      throw new Mismatch(
          "infer.inputs",
          "found %d inputs, expected the %d of a row of the model"
              .formatted(spec.inputs().size(), width));
    }
    List<String> outputs = List.copyOf(spec.outputs().keySet());
    return plan(spec, model.dense(), new DenseBinding(spec.inputs(), outputs), model, layout);
  }

  private static ModelPlan tensors(InferSpec spec, SavedModel model, EventLayout layout) {
    List<String> names = model.signature().inputs().stream().map(TensorSpec::name).toList();
    if (!List.copyOf(spec.inputs()).stream()
        .sorted()
        .toList()
        .equals(names.stream().sorted().toList())) {
      throw new Mismatch(
          "infer.inputs",
          "found %s, expected a column for each input of the signature: %s"
              .formatted(spec.inputs(), names));
    }
    List<NamedBinding.Input> inputs =
        names.stream().map(name -> new NamedBinding.Input(name, name)).toList();
    List<NamedBinding.Output> outputs = new ArrayList<>();
    for (Map.Entry<String, String> output : spec.outputs().entrySet()) {
      TensorSpec tensor = output(model.signature(), output.getValue());
      outputs.add(new NamedBinding.Output(output.getKey(), fieldType(tensor), output.getValue()));
    }
    return plan(spec, model, new NamedBinding(inputs, outputs), model, layout);
  }

  private static <I, O> ModelPlan plan(
      InferSpec spec,
      ModelHandler<I, O> handler,
      ModelBinding<I, O> binding,
      SavedModel model,
      EventLayout layout) {
    RunInference<I, O> inference =
        RunInference.of(handler, binding).withBatchSize(spec.batchSize());
    List<Field> columns = inference.columns();
    try {
      binding.bind(layout, layout.plus(columns));
    } catch (IllegalArgumentException e) {
      throw new Mismatch("infer.inputs", String.valueOf(e.getMessage()));
    }
    String version =
        model.card().map(card -> card.name() + "/" + card.version()).orElse(spec.model());
    return new ModelPlan(inference, columns, version);
  }

  private static void checkInputs(InferSpec spec, Optional<ModelCard> card) {
    if (card.isEmpty() || card.get().inputs().isEmpty()) {
      return;
    }
    List<String> trained = card.get().inputs();
    List<String> missing = trained.stream().filter(i -> !spec.inputs().contains(i)).toList();
    List<String> unknown = spec.inputs().stream().filter(i -> !trained.contains(i)).toList();
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new Mismatch(
          "infer.inputs",
          "found inputs without %s and with %s, expected those the model was trained with: %s"
              .formatted(missing, unknown, trained));
    }
    if (!trained.equals(spec.inputs())) {
      throw new Mismatch(
          "infer.inputs",
          "found the inputs in another order, expected the order the model was trained with: %s"
              .formatted(trained));
    }
  }

  private static void checkOutputs(InferSpec spec, Signature signature) {
    spec.outputs()
        .forEach(
            (column, name) -> {
              if (signature.outputs().stream().noneMatch(o -> o.name().equals(name))) {
                throw new Mismatch(
                    "infer.outputs." + column,
                    "found model output '%s', expected one of %s"
                        .formatted(
                            name, signature.outputs().stream().map(TensorSpec::name).toList()));
              }
            });
  }

  private static TensorSpec output(Signature signature, String name) {
    return signature.outputs().stream()
        .filter(output -> output.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static FieldType fieldType(TensorSpec tensor) {
    return switch (tensor.dtype()) {
      case "float32" -> FieldType.FLOAT;
      case "float64" -> FieldType.DOUBLE;
      case "int32" -> FieldType.INT32;
      case "int64" -> FieldType.INT64;
      case "bool" -> FieldType.BOOLEAN;
      case "string" -> FieldType.BYTES;
      default ->
          throw new Mismatch(
              "infer.outputs",
              "found model output '%s' of type %s, expected a number, boolean or string"
                  .formatted(tensor.name(), tensor.dtype()));
    };
  }
}
