package dev.millrace.transforms.inference;

import com.google.auto.value.AutoValue;
import dev.millrace.models.ModelHandler;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStage;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

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
public abstract class RunInference<InT, OutT>
    extends PTransform<PCollection<Event>, StageResult<Event>> {

  /** The column that says which model answered. */
  public static final String MODEL_VERSION = "model_version";

  /** The column that says how long the model took for the batch, in microseconds. */
  public static final String MODEL_MICROS = "model_micros";

  /** How many events are asked about in one call, at most. */
  public static final int DEFAULT_BATCH_SIZE = 128;

  abstract ModelHandler<InT, OutT> handler();

  abstract ModelBinding<InT, OutT> binding();

  abstract int batchSize();

  abstract EventStage first();

  /** Asks the model of {@code handler} in the way of {@code binding}. */
  public static <InT, OutT> RunInference<InT, OutT> of(
      ModelHandler<InT, OutT> handler, ModelBinding<InT, OutT> binding) {
    return new AutoValue_RunInference<>(handler, binding, DEFAULT_BATCH_SIZE, EventStage.none());
  }

  /** Asks about at most {@code events} in one call. 128 by default. */
  public RunInference<InT, OutT> withBatchSize(int events) {
    if (events < 1) {
      throw new IllegalArgumentException(
          "batch size: found %d, expected 1 or more".formatted(events));
    }
    return new AutoValue_RunInference<>(handler(), binding(), events, first());
  }

  /** Does the work of {@code stage} on each event first; its dead letters are among those here. */
  public RunInference<InT, OutT> after(EventStage stage) {
    return new AutoValue_RunInference<>(handler(), binding(), batchSize(), stage);
  }

  /** The columns that are added: the model's outputs, then which model and how long it took. */
  public List<Field> columns() {
    List<Field> columns = new ArrayList<>(binding().columns());
    columns.add(Field.of(MODEL_VERSION, FieldType.STRING));
    columns.add(Field.of(MODEL_MICROS, FieldType.INT64));
    return columns;
  }

  @Override
  public StageResult<Event> expand(PCollection<Event> events) {
    EventLayout incoming = EventCoder.layoutOf(events);
    EventLayout input = first().layout(incoming);
    EventLayout output = input.plus(columns());
    binding().bind(input, output);

    TupleTag<Event> answered = new TupleTag<>("output") {};
    TupleTag<DeadLetter> deadLetters = new TupleTag<>("deadLetters") {};
    InferenceFn<InT, OutT> fn =
        new InferenceFn<>(
            first().step(incoming),
            handler(),
            binding(),
            input,
            output,
            batchSize(),
            answered,
            deadLetters);
    return StageResult.of(
        events.apply(
            "Ask model", ParDo.of(fn).withOutputTags(answered, TupleTagList.of(deadLetters))),
        answered,
        deadLetters,
        EventCoder.of(output));
  }
}
