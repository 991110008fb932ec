package dev.millrace.transforms.inference;

import dev.millrace.models.PredictionException;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/**
 * For any signature: each of the model's inputs takes the value of one column, and each new column
 * one of the model's outputs, which must be of a single element.
 */
public record NamedBinding(List<Input> inputs, List<Output> outputs)
    implements ModelBinding<Map<String, Object>, Map<String, Object>> {

  /**
   * What one of the model's inputs takes.
   *
   * @param tensor the name of the model's input
   * @param column where its value is read
   */
  public record Input(String tensor, String column) implements Serializable {}

  /**
   * What becomes of one of the model's outputs.
   *
   * @param column the column that is added
   * @param type its type
   * @param tensor the name of the model's output
   */
  public record Output(String column, FieldType type, String tensor) implements Serializable {}

  @Override
  public List<Field> columns() {
    return outputs.stream().map(output -> Field.of(output.column, output.type)).toList();
  }

  @Override
  public Bound<Map<String, Object>, Map<String, Object>> bind(
      EventLayout input, EventLayout output) {
    List<Column> from = inputs.stream().map(in -> input.column(in.column)).toList();
    List<Column> to = outputs.stream().map(out -> output.column(out.column)).toList();
    return new Bound<>() {
      @Override
      public Map<String, Object> input(Event event) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < from.size(); i++) {
          Object value = from.get(i).value(event);
          if (value == null) {
            throw new PredictionException(
                "model input '%s': found null in column '%s', expected a value"
                    .formatted(inputs.get(i).tensor, from.get(i).name()));
          }
          values.put(inputs.get(i).tensor, value);
        }
        return values;
      }

      @Override
      public void write(Map<String, Object> prediction, EventBuilder builder) {
        for (int i = 0; i < to.size(); i++) {
          builder.setValue(to.get(i), single(outputs.get(i).tensor, prediction));
        }
      }
    };
  }

  private static Object single(String tensor, Map<String, Object> prediction) {
    Object value = prediction.get(tensor);
    if (value == null) {
      throw new PredictionException(
          "model output '%s': found none, expected one of %s"
              .formatted(tensor, prediction.keySet()));
    }
    if (!value.getClass().isArray() || value instanceof byte[]) {
      return value;
    }
    if (Array.getLength(value) != 1) {
      throw new PredictionException(
          "model output '%s': found %d elements, expected one"
              .formatted(tensor, Array.getLength(value)));
    }
    return Array.get(value, 0);
  }
}
