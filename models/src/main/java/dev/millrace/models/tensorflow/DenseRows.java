package dev.millrace.models.tensorflow;

import dev.millrace.models.Model;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.PredictionException;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** A signature called with one row of floats per element. */
final class DenseRows implements Model<float[], float[]> {

  private final ServedGraph graph;
  private final Call call;
  private final int width;
  private final List<ElementType> types;

  // A tensor from a reused flat array is the cheapest there is: one copy into native memory, and
  // nothing to collect.
  private final ThreadLocal<float[]> buffer = ThreadLocal.withInitial(() -> new float[0]);

  DenseRows(ServedGraph graph, Call call, int width) {
    this.graph = graph;
    this.call = call;
    this.width = width;
    this.types =
        graph.signature().outputs().stream().map(o -> ElementType.of(graph.version(), o)).toList();
  }

  @Override
  public ModelVersion version() {
    return graph.version();
  }

  @Override
  public List<float[]> predict(List<float[]> batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).length != width) {
        throw new PredictionException(
            "element "
                + i
                + ": input \""
                + graph.signature().inputs().get(0).name()
                + "\": found "
                + batch.get(i).length
                + " values, expected "
                + width);
      }
    }
    List<float[]> outputs = new ArrayList<>(batch.size());
    for (int start = 0; start < batch.size(); ) {
      int end = start + call.next(batch.size() - start);
      run(batch.subList(start, end), outputs);
      start = end;
    }
    return outputs;
  }

  @Override
  public void close() {
    graph.close();
  }

  private void run(List<float[]> rows, List<float[]> outputs) {
    int size = call.size(rows.size());
    float[] flat = buffer(size * width);
    for (int i = 0; i < size; i++) {
      // A fixed batch that the rows do not fill is filled up with the last one.
      System.arraycopy(rows.get(Math.min(i, rows.size() - 1)), 0, flat, i * width, width);
    }
    Shape shape = call.batched().get(0) ? Shape.of(size, width) : Shape.of(width);
    try (TFloat32 input =
            TFloat32.tensorOf(
                shape, DataBuffers.of(flat, false, false).slice(0, (long) size * width));
        Result result = graph.run(List.of(input), rows.size())) {
      collect(result, rows.size(), size, outputs);
    }
  }

  private void collect(Result result, int rows, int size, List<float[]> outputs) {
    Object[] values = new Object[types.size()];
    int[] widths = new int[types.size()];
    int total = 0;
    for (int i = 0; i < values.length; i++) {
      Tensor tensor = result.get(i);
      values[i] = types.get(i).values(tensor);
      widths[i] = width(i, tensor.shape(), size);
      total += widths[i];
    }
    for (int row = 0; row < rows; row++) {
      float[] output = new float[total];
      int at = 0;
      for (int i = 0; i < values.length; i++) {
        int start = call.rows().get(i) ? row * widths[i] : 0;
        copy(values[i], start, output, at, widths[i]);
        at += widths[i];
      }
      outputs.add(output);
    }
  }

  private int width(int output, Shape shape, int size) {
    if (!call.rows().get(output)) {
      return Math.toIntExact(shape.size());
    }
    if (shape.numDimensions() == 0 || shape.get(0) != size) {
      throw new PredictionException(
          "model "
              + version()
              + ": output \""
              + graph.signature().outputs().get(output).name()
              + "\": found the shape "
              + shape
              + ", expected "
              + size
              + " rows");
    }
    return Math.toIntExact(shape.size() / size);
  }

  private static void copy(Object values, int start, float[] output, int at, int width) {
    if (values instanceof float[] floats) {
      System.arraycopy(floats, start, output, at, width);
      return;
    }
    for (int i = 0; i < width; i++) {
      output[at + i] = ((Number) java.lang.reflect.Array.get(values, start + i)).floatValue();
    }
  }

  private float[] buffer(int size) {
    float[] flat = buffer.get();
    if (flat.length < size) {
      // With room to grow into, so that slowly growing batches do not allocate each time.
      flat = new float[Math.max(size, flat.length * 2)];
      buffer.set(flat);
    }
    return flat;
  }
}
