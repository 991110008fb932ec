package dev.millrace.models.tensorflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.models.ModelException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * The element types that can be fed and fetched, each with its flat Java array: {@code float[]},
 * {@code double[]}, {@code int[]}, {@code long[]}, {@code boolean[]}, and {@code byte[][]} for
 * strings, which TensorFlow holds as bytes.
 */
enum ElementType {
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  BOOL,
  STRING;

  static ElementType of(Object place, TensorSpec tensor) {
    if (tensor.tensor().isEmpty()) {
      throw ModelException.at(
          place, tensor.name() + " as a sparse or composite tensor", "a dense one");
    }
    return Arrays.stream(values())
        .filter(type -> type.toString().equals(tensor.dtype()))
        .findFirst()
        .orElseThrow(
            () ->
                ModelException.at(
                    place, tensor.toString(), "one of the types " + List.of(values())));
  }

  /** The name that TensorFlow gives to the type of a Java value, as far as it has one. */
  static String nameOf(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Float) {
      return FLOAT32.toString();
    } else if (value instanceof Double) {
      return FLOAT64.toString();
    } else if (value instanceof Integer) {
      return INT32.toString();
    } else if (value instanceof Long) {
      return INT64.toString();
    } else if (value instanceof Boolean) {
      return BOOL.toString();
    } else if (value instanceof String || value instanceof byte[]) {
      return STRING.toString();
    }
    return value.getClass().getSimpleName();
  }

  Object allocate(int size) {
    return switch (this) {
      case FLOAT32 -> new float[size];
      case FLOAT64 -> new double[size];
      case INT32 -> new int[size];
      case INT64 -> new long[size];
      case BOOL -> new boolean[size];
      case STRING -> new byte[size][];
    };
  }

  /**
   * Puts one value into a flat array; false when it is of another type. Widening is allowed where
   * it loses nothing.
   */
  boolean put(@Nullable Object value, Object flat, int at) {
    if (value instanceof Float v && flat instanceof float[] floats) {
      floats[at] = v;
    } else if (value instanceof Double v && flat instanceof double[] doubles) {
      doubles[at] = v;
    } else if (value instanceof Float v && flat instanceof double[] doubles) {
      doubles[at] = v;
    } else if (value instanceof Integer v && flat instanceof double[] doubles) {
      doubles[at] = v;
    } else if (value instanceof Integer v && flat instanceof int[] ints) {
      ints[at] = v;
    } else if (value instanceof Long v && flat instanceof long[] longs) {
      longs[at] = v;
    } else if (value instanceof Integer v && flat instanceof long[] longs) {
      longs[at] = v;
    } else if (value instanceof Boolean v && flat instanceof boolean[] booleans) {
      booleans[at] = v;
    } else if (value instanceof byte[] v && flat instanceof byte[][] strings) {
      strings[at] = v;
    } else if (value instanceof String v && flat instanceof byte[][] strings) {
      strings[at] = v.getBytes(UTF_8);
    } else {
      return false;
    }
    return true;
  }

  Tensor tensor(Shape shape, Object flat) {
    return switch (this) {
      case FLOAT32 -> TFloat32.tensorOf(shape, DataBuffers.of((float[]) flat, false, false));
      case FLOAT64 -> TFloat64.tensorOf(shape, DataBuffers.of((double[]) flat, false, false));
      case INT32 -> TInt32.tensorOf(shape, DataBuffers.of((int[]) flat, false, false));
      case INT64 -> TInt64.tensorOf(shape, DataBuffers.of((long[]) flat, false, false));
      case BOOL -> TBool.tensorOf(shape, DataBuffers.of((boolean[]) flat, false, false));
      case STRING -> TString.tensorOfBytes(shape, DataBuffers.of((byte[][]) flat, false, false));
    };
  }

  /** The values of a tensor of this type, row by row. */
  Object values(Tensor tensor) {
    Object flat = allocate(Math.toIntExact(tensor.shape().size()));
    switch (this) {
      case FLOAT32 -> copy((TFloat32) tensor, DataBuffers.of((float[]) flat, false, false));
      case FLOAT64 -> copy((TFloat64) tensor, DataBuffers.of((double[]) flat, false, false));
      case INT32 -> copy((TInt32) tensor, DataBuffers.of((int[]) flat, false, false));
      case INT64 -> copy((TInt64) tensor, DataBuffers.of((long[]) flat, false, false));
      case BOOL -> copy((TBool) tensor, DataBuffers.of((boolean[]) flat, false, false));
      case STRING ->
          copy(((TString) tensor).asBytes(), DataBuffers.of((byte[][]) flat, false, false));
    }
    return flat;
  }

  private static <T> void copy(NdArray<T> from, DataBuffer<T> to) {
    from.copyTo(to);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
