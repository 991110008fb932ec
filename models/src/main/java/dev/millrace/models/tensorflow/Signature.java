package dev.millrace.models.tensorflow;

import dev.millrace.models.ModelException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A function that a SavedModel offers.
 *
 * @param name what to call it by; {@code serving_default} unless the model says otherwise
 * @param inputs what it takes, by name
 * @param outputs what it gives, by name
 */
public record Signature(String name, List<TensorSpec> inputs, List<TensorSpec> outputs) {

  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The same function, giving only the outputs named, in that order. */
  Signature giving(Object place, List<String> names) {
    return new Signature(
        name, inputs, names.stream().map(output -> output(place, output)).toList());
  }

  private TensorSpec output(Object place, String wanted) {
    return outputs.stream()
        .filter(output -> output.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                ModelException.at(
                    place + ": signature " + name,
                    "no output \"" + wanted + "\"",
                    "one of " + outputs.stream().map(TensorSpec::name).toList()));
  }

  /** Such as {@code serving_default(features: float32[?, 15]) -> (probability: float32[?])}. */
  @Override
  public String toString() {
    return name + list(inputs) + " -> " + list(outputs);
  }

  private static String list(List<TensorSpec> tensors) {
    return tensors.stream().map(TensorSpec::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
