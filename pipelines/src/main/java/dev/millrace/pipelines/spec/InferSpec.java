package dev.millrace.pipelines.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A model that adds its outputs to every event.
 *
 * @param model the folder or URI that holds the model's versions
 * @param inputs the columns it is given, in this order
 * @param outputs by the name of the column they become, the model's own output names
 * @param signature which of the model's signatures is called
 * @param batchSize the most events in one call
 */
public record InferSpec(
    String model,
    List<String> inputs,
    Map<String, String> outputs,
    String signature,
    int batchSize) {

  /** What TensorFlow exports under when nothing else is said. */
  public static final String DEFAULT_SIGNATURE = "serving_default";

  /** A call costs nearly the same for 1 event as for this many. */
  public static final int DEFAULT_BATCH_SIZE = 128;

  public InferSpec {
    inputs = List.copyOf(inputs);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    LinkedHashSet<String> seen = new LinkedHashSet<>();
    for (String input : inputs) {
      if (!seen.add(input)) {
        throw new IllegalArgumentException(
            "found the input '" + input + "' twice, expected it once");
      }
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("found batchSize " + batchSize + ", expected 1 or more");
    }
  }
}
