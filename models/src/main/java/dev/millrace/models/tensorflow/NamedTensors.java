package dev.millrace.models.tensorflow;

import dev.millrace.models.Model;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.PredictionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;

/** A signature called with a map of values per element. */
final class NamedTensors implements Model<Map<String, Object>, Map<String, Object>> {

  private final ServedGraph graph;
  private final Call call;
  private final List<ElementType> inputTypes;
  private final List<ElementType> outputTypes;

  NamedTensors(ServedGraph graph, Call call) {
    this.graph = graph;
    this.call = call;
    this.inputTypes = types(graph, graph.signature().inputs());
    this.outputTypes = types(graph, graph.signature().outputs());
  }

  private static List<ElementType> types(ServedGraph graph, List<TensorSpec> tensors) {
    return tensors.stream().map(tensor -> ElementType.of(graph.version(), tensor)).toList();
  }

  @Override
  public ModelVersion version() {
    return graph.version();
  }

  @Override
  public List<Map<String, Object>> predict(List<Map<String, Object>> batch) {
    // Where the signature leaves sizes free, only elements of equal shapes can share a tensor.
    Map<List<List<Long>>, List<Element>> groups = new LinkedHashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      Element element = new Element(i, read(i, batch.get(i)));
      groups.computeIfAbsent(element.shapes(), s -> new ArrayList<>()).add(element);
    }
    List<Map<String, Object>> outputs = new ArrayList<>(batch.size());
    batch.forEach(element -> outputs.add(new HashMap<>()));
    for (List<Element> group : groups.values()) {
      for (int start = 0; start < group.size(); ) {
        int end = start + call.next(group.size() - start);
        run(group.subList(start, end), outputs);
        start = end;
      }
    }
    return outputs;
  }

  @Override
  public void close() {
    graph.close();
  }

  /** An element's values, in the order of the inputs, and its place in the batch. */
  private record Element(int position, List<Value> values) {
    List<List<Long>> shapes() {
      return values.stream().map(Value::shape).toList();
    }
  }

  private List<Value> read(int position, Map<String, Object> element) {
    List<TensorSpec> inputs = graph.signature().inputs();
    List<String> names = inputs.stream().map(TensorSpec::name).toList();
    if (element.size() != inputs.size() || !element.keySet().containsAll(names)) {
      throw new PredictionException(
          "element "
              + position
              + ": found inputs "
              + element.keySet().stream().sorted().toList()
              + ", expected "
              + names);
    }
    List<Value> values = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      try {
        values.add(Value.read(inputTypes.get(i), call.inputs().get(i), element.get(names.get(i))));
      } catch (PredictionException e) {
        throw new PredictionException(
            "element " + position + ": input \"" + names.get(i) + "\": " + e.getMessage(), e);
      }
    }
    return values;
  }

  private void run(List<Element> elements, List<Map<String, Object>> outputs) {
    int size = call.size(elements.size());
    List<Tensor> feeds = new ArrayList<>();
    try {
      for (int i = 0; i < inputTypes.size(); i++) {
        feeds.add(tensor(i, elements, size));
      }
      try (Result result = graph.run(feeds, elements.size())) {
        for (int i = 0; i < outputTypes.size(); i++) {
          spread(i, result.get(i), elements, size, outputs);
        }
      }
    } finally {
      feeds.forEach(Tensor::close);
    }
  }

  /**
   * One input of all elements; a fixed batch that they do not fill is filled up with the last one.
   */
  private Tensor tensor(int input, List<Element> elements, int size) {
    List<Long> shape = elements.get(0).values().get(input).shape();
    int step = Value.size(shape);
    ElementType type = inputTypes.get(input);
    Object flat = type.allocate(Math.multiplyExact(size, step));
    for (int i = 0; i < size; i++) {
      Element element = elements.get(Math.min(i, elements.size() - 1));
      System.arraycopy(element.values().get(input).flat(), 0, flat, i * step, step);
    }
    List<Long> sizes = new ArrayList<>(shape);
    if (call.batched().get(input)) {
      sizes.add(0, (long) size);
    }
    return type.tensor(Shape.of(sizes.stream().mapToLong(Long::longValue).toArray()), flat);
  }

  private void spread(
      int output,
      Tensor tensor,
      List<Element> elements,
      int size,
      List<Map<String, Object>> outputs) {
    TensorSpec spec = graph.signature().outputs().get(output);
    List<Long> shape = Arrays.stream(tensor.shape().asArray()).boxed().toList();
    boolean whole = !call.rows().get(output) || (shape.isEmpty() && spec.shape().isEmpty());
    if (!whole && (shape.isEmpty() || shape.get(0) != size)) {
      throw new PredictionException(
          "model "
              + version()
              + ": output \""
              + spec.name()
              + "\": found the shape "
              + TensorSpec.describe(Optional.of(shape))
              + ", expected "
              + size
              + " rows");
    }
    List<Long> row = whole ? shape : shape.subList(1, shape.size());
    Object flat = outputTypes.get(output).values(tensor);
    // As in TensorFlow Serving's REST interface, the suffix tells bytes from text.
    boolean text = !spec.name().endsWith("_bytes");
    for (int i = 0; i < elements.size(); i++) {
      int start = whole ? 0 : i * Value.size(row);
      outputs
          .get(elements.get(i).position())
          .put(spec.name(), Value.nested(flat, start, row, text));
    }
  }
}
