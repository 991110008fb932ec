package dev.millrace.transforms.inference;

import com.google.auto.value.AutoValue;
import dev.millrace.models.ModelHandler;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;

/**
 * Emits each event with the model's outputs behind its columns, then {@link #MODEL_VERSION} (what
 * answered, as {@code name/version}) and {@link #MODEL_MICROS} (how long the call took that
 * answered its batch).
 *
 * <p>Batches form inside a bundle, without a shuffle: of up to {@link #withBatchSize} events, and
 * what is left when the bundle ends; the runner's longest bundle bounds the wait. A batch that
 * fails is split until only the events that cannot be answered are left: those are dead letters.
 * Timestamps and windows stay.
 *
 * <p>One model is loaded per JVM, whatever the number of threads, see {@link
 * dev.millrace.models.SharedModels}.
 *
 * <pre>{@code
 * events.apply(
 *     "Fraud probability",
 *     RunInference.of(
 *         DenseTensorFlow.model(path).withOutputs("probability"),
 *         new DenseBinding(List.of("amount", "night"), List.of("fraud_probability"))));
 * }</pre>
 */
@AutoValue
public abstract class RunInference<InT, OutT> extends EventStage {

  /** The column that says which model answered. */
  public static final String MODEL_VERSION = "model_version";

  /** The column that says how long the model took for the batch, in microseconds. */
  public static final String MODEL_MICROS = "model_micros";

  /** How many events are asked about in one call, at most. */
  public static final int DEFAULT_BATCH_SIZE = 128;

  abstract ModelHandler<InT, OutT> handler();

  abstract ModelBinding<InT, OutT> binding();

  abstract int batchSize();

  /** Asks the model of {@code handler} in the way of {@code binding}. */
  public static <InT, OutT> RunInference<InT, OutT> of(
      ModelHandler<InT, OutT> handler, ModelBinding<InT, OutT> binding) {
    return new AutoValue_RunInference<>(handler, binding, DEFAULT_BATCH_SIZE);
  }

  /** Asks about at most {@code events} in one call. 128 by default. */
  public RunInference<InT, OutT> withBatchSize(int events) {
    if (events < 1) {
      throw new IllegalArgumentException(
          "batch size: found %d, expected 1 or more".formatted(events));
    }
    return new AutoValue_RunInference<>(handler(), binding(), events);
  }

  /** The columns that are added: the model's outputs, then which model and how long it took. */
  public List<Field> columns() {
    List<Field> columns = new ArrayList<>(binding().columns());
    columns.add(Field.of(MODEL_VERSION, FieldType.STRING));
    columns.add(Field.of(MODEL_MICROS, FieldType.INT64));
    return columns;
  }

  @Override
  public EventLayout layout(EventLayout input) {
    EventLayout output = input.plus(columns());
    binding().bind(input, output);
    return output;
  }

  @Override
  public EventStep step(EventLayout input) {
    return new InferenceStep<>(handler(), binding(), input, layout(input), batchSize());
  }
}
