package dev.millrace.transforms.inference;

import dev.millrace.models.PredictionException;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventLayout;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/**
 * For a model of one input of shape [batch, columns]: each event is a row of floats, true 1 and
 * false 0, and each output a {@code DOUBLE}. The fastest way in and out.
 *
 * @param inputs columns of numbers or booleans, in the order that the model was trained with
 * @param outputs the columns that the model's outputs become, in the order of the handler's
 */
public record DenseBinding(List<String> inputs, List<String> outputs)
    implements ModelBinding<float[], float[]> {

  @Override
  public List<Field> columns() {
    return outputs.stream().map(name -> Field.of(name, FieldType.DOUBLE)).toList();
  }

  @Override
  public Bound<float[], float[]> bind(EventLayout input, EventLayout output) {
    List<Column> from = inputs.stream().map(input::column).toList();
    for (Column column : from) {
      if (!column.type().numeric()) {
        throw new IllegalArgumentException(
            "model input '%s': found %s, expected a number or a boolean"
                .formatted(column.name(), column.type()));
      }
    }
    List<Column> to = outputs.stream().map(output::column).toList();
    return new Rows(from, to);
  }

  private record Rows(List<Column> from, List<Column> to) implements Bound<float[], float[]> {

    @Override
    public float[] input(Event event) {
      float[] row = new float[from.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) from.get(i).asDouble(event);
        if (Float.isNaN(row[i])) {
          throw new PredictionException(
              "model input '%s': found no number, expected one".formatted(from.get(i).name()));
        }
      }
      return row;
    }

    @Override
    public void write(float[] output, EventBuilder builder) {
      for (int i = 0; i < to.size(); i++) {
        builder.setDouble(to.get(i), output[i]);
      }
    }
  }
}
