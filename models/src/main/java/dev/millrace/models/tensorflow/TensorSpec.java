package dev.millrace.models.tensorflow;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One input or output of a signature.
 *
 * @param name the name by which a caller gives or gets it
 * @param dtype TensorFlow's name of the element type, such as {@code float32}, {@code int64} or
 *     {@code string}
 * @param shape the sizes of its dimensions, -1 for one that is not fixed; empty when even the rank
 *     is unknown
 * @param tensor the tensor in the graph
 */
public record TensorSpec(String name, String dtype, Optional<List<Long>> shape, String tensor) {

  /**
   * Such as {@code x: float32[?, 15]}, {@code temperature: float32 scalar}, {@code inputs: string
   * of any rank}.
   */
  @Override
  public String toString() {
    return name + ": " + dtype + describe(shape);
  }

  static String describe(Optional<List<Long>> shape) {
    if (shape.isEmpty()) {
      return " of any rank";
    }
    if (shape.get().isEmpty()) {
      return " scalar";
    }
    return shape.get().stream()
        .map(size -> size < 0 ? "?" : size.toString())
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
