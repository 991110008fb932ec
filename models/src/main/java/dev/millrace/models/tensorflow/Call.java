package dev.millrace.models.tensorflow;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How elements become calls of a signature.
 *
 * <p>When every input has a first dimension, and the fixed ones among them agree, that dimension is
 * the batch: elements go together, at most {@code limit} a call, exactly so many when it is fixed.
 * Otherwise, as when an input is a scalar, each element is a call of its own; an input or output
 * whose first dimension is free then carries a batch of one.
 *
 * @param inputs per input, the shape of an element's value
 * @param batched per input, whether the tensor has the batch dimension before that shape
 * @param rows per output, whether the tensor has it
 * @param together whether elements can share a call
 * @param fixed the exact batch size, where the signature fixes it
 */
record Call(
    List<Optional<List<Long>>> inputs,
    List<Boolean> batched,
    List<Boolean> rows,
    boolean together,
    OptionalLong fixed) {

  static Call of(Signature signature) {
    List<Optional<List<Long>>> shapes = shapes(signature.inputs());
    List<Long> leading =
        shapes.stream()
            .map(shape -> shape.map(s -> s.isEmpty() ? 0L : s.get(0)).orElse(-1L))
            .toList();
    boolean scalar = shapes.stream().anyMatch(shape -> shape.isPresent() && shape.get().isEmpty());
    List<Long> fixed = leading.stream().filter(size -> size >= 0).distinct().toList();
    boolean together = !scalar && !shapes.isEmpty() && fixed.size() <= 1;
    return of(
        signature,
        together,
        together && !fixed.isEmpty() ? OptionalLong.of(fixed.get(0)) : OptionalLong.empty());
  }

  /** Each element is a call of its own and gives and gets whole tensors. */
  static Call unbatched(Signature signature) {
    return new Call(
        shapes(signature.inputs()),
        signature.inputs().stream().map(input -> false).toList(),
        signature.outputs().stream().map(output -> false).toList(),
        false,
        OptionalLong.empty());
  }

  private static Call of(Signature signature, boolean together, OptionalLong fixed) {
    List<Boolean> batched =
        shapes(signature.inputs()).stream().map(shape -> together || startsFree(shape)).toList();
    List<Boolean> rows =
        shapes(signature.outputs()).stream()
            .map(shape -> together ? shape.isEmpty() || !shape.get().isEmpty() : startsFree(shape))
            .toList();
    List<Optional<List<Long>>> elements =
        signature.inputs().stream()
            .map(
                input ->
                    input
                        .shape()
                        .map(
                            s ->
                                together || startsFree(input.shape()) ? s.subList(1, s.size()) : s))
            .toList();
    return new Call(elements, batched, rows, together, fixed);
  }

  private static boolean startsFree(Optional<List<Long>> shape) {
    return shape.isPresent() && !shape.get().isEmpty() && shape.get().get(0) < 0;
  }

  private static List<Optional<List<Long>>> shapes(List<TensorSpec> tensors) {
    return tensors.stream().map(TensorSpec::shape).toList();
  }

  /** How many of {@code waiting} elements the next call takes. */
  int next(int waiting) {
    return together ? (int) Math.min(waiting, fixed.orElse(waiting)) : 1;
  }

  /** The batch dimension of a call that takes {@code elements} of them. */
  int size(int elements) {
    return together ? (int) fixed.orElse(elements) : 1;
  }
}
