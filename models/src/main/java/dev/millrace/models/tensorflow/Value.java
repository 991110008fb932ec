package dev.millrace.models.tensorflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.models.PredictionException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Java value on its way to a tensor and back: the values in one flat array, and their shape.
 *
 * <p>Going in, a value is a boxed scalar, a {@code String} or {@code byte[]} for the type string,
 * or an array or {@link List} of such, nested as the shape says; where all sizes are fixed, it may
 * be flat. Coming out it is a boxed scalar or a nested array.
 */
record Value(Object flat, List<Long> shape) {

  /**
   * Reads a value that must be of a type and shape, sizes of -1 and a missing shape being free.
   *
   * @throws PredictionException with what was found
   */
  static Value read(ElementType type, Optional<List<Long>> expected, @Nullable Object value) {
    List<Long> found = shapeOf(type, value);
    List<Long> shape = expected.map(sizes -> fit(type, value, found, sizes)).orElse(found);
    Object flat = type.allocate(size(found));
    int end = flatten(type, value, found, 0, flat, 0);
    if (end != size(found)) {
      throw new IllegalStateException("read " + end + " values of " + found);
    }
    return new Value(flat, shape);
  }

  /**
   * The values from {@code start} on as nested arrays of {@code shape}; text makes strings of
   * bytes.
   */
  static Object nested(Object flat, int start, List<Long> shape, boolean text) {
    if (shape.isEmpty()) {
      Object value = Array.get(flat, start);
      return text && value instanceof byte[] bytes ? text(bytes) : value;
    }
    int length = Math.toIntExact(shape.get(0));
    List<Long> inner = shape.subList(1, shape.size());
    int step = size(inner);
    Class<?> leaf =
        text && flat instanceof byte[][] ? String.class : flat.getClass().getComponentType();
    Object array = Array.newInstance(leaf, dimensions(shape));
    if (inner.isEmpty() && leaf.isPrimitive()) {
      System.arraycopy(flat, start, array, 0, length);
    } else {
      for (int i = 0; i < length; i++) {
        Array.set(array, i, nested(flat, start + i * step, inner, text));
      }
    }
    return array;
  }

  static int size(List<Long> shape) {
    long size = 1;
    for (long length : shape) {
      size = Math.multiplyExact(size, length);
    }
    return Math.toIntExact(size);
  }

  private static int[] dimensions(List<Long> shape) {
    return shape.stream().mapToInt(Math::toIntExact).toArray();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /**
   * The shape by the first value of each dimension; {@link #flatten} finds out whether the others
   * agree.
   */
  private static List<Long> shapeOf(ElementType type, @Nullable Object value) {
    List<Long> shape = new ArrayList<>();
    Object inner = value;
    while (isNested(type, inner)) {
      int length = length(inner);
      shape.add((long) length);
      inner = length == 0 ? null : get(inner, 0);
    }
    return shape;
  }

  private static List<Long> fit(
      ElementType type, @Nullable Object value, List<Long> found, List<Long> expected) {
    boolean fits = found.size() == expected.size();
    for (int i = 0; fits && i < found.size(); i++) {
      fits = expected.get(i) < 0 || expected.get(i).equals(found.get(i));
    }
    if (fits) {
      return found;
    }
    boolean fixed = expected.stream().allMatch(size -> size >= 0);
    if (fixed && found.size() <= 1 && size(found) == size(expected)) {
      return expected;
    }
    throw mismatch(leafName(type, value) + TensorSpec.describe(Optional.of(found)), type, expected);
  }

  private static int flatten(
      ElementType type, @Nullable Object value, List<Long> shape, int depth, Object flat, int at) {
    if (depth == shape.size()) {
      if (!type.put(value, flat, at)) {
        throw mismatch(ElementType.nameOf(value), type, null);
      }
      return at + 1;
    }
    int length = isNested(type, value) ? length(value) : -1;
    if (length != shape.get(depth)) {
      throw new PredictionException(
          "found a ragged array ("
              + length
              + " beside "
              + shape.get(depth)
              + " values), expected equal lengths");
    }
    if (value != null && value.getClass() == flat.getClass()) {
      System.arraycopy(value, 0, flat, at, length);
      return at + length;
    }
    int next = at;
    for (int i = 0; i < length; i++) {
      next = flatten(type, get(value, i), shape, depth + 1, flat, next);
    }
    return next;
  }

  private static boolean isNested(ElementType type, @Nullable Object value) {
    boolean bytes = type == ElementType.STRING && value instanceof byte[];
    return value instanceof List || (value != null && value.getClass().isArray() && !bytes);
  }

  private static int length(@Nullable Object value) {
    return value instanceof List<?> list ? list.size() : Array.getLength(value);
  }

  private static @Nullable Object get(@Nullable Object value, int i) {
    return value instanceof List<?> list ? list.get(i) : Array.get(value, i);
  }

  private static String leafName(ElementType type, @Nullable Object value) {
    Object leaf = value;
    while (isNested(type, leaf) && length(leaf) > 0) {
      leaf = get(leaf, 0);
    }
    return isNested(type, leaf) ? "nothing" : ElementType.nameOf(leaf);
  }

  private static PredictionException mismatch(
      String found, ElementType type, @Nullable List<Long> expected) {
    String shape = expected == null ? "" : TensorSpec.describe(Optional.of(expected));
    return new PredictionException("found " + found + ", expected " + type + shape);
  }
}
