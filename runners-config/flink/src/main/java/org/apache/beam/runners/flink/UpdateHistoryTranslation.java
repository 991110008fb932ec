package org.apache.beam.runners.flink;

import dev.millrace.flink.UpdateHistoryOperator;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.history.HistoryInput;
import dev.millrace.transforms.history.UpdateHistory;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.runners.flink.FlinkStreamingPipelineTranslator.StreamTransformTranslator;
import org.apache.beam.runners.flink.adapter.FlinkKey;
import org.apache.beam.runners.flink.translation.types.CoderTypeInformation;
import org.apache.beam.runners.flink.translation.wrappers.streaming.KvToFlinkKeyKeySelector;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.util.construction.PTransformTranslation.TransformPayloadTranslator;
import org.apache.beam.sdk.util.construction.TransformPayloadTranslatorRegistrar;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * Has the Flink runner translate {@link UpdateHistory} into an operator of its own, where it is in
 * the global window of a stream; anywhere else it is what the transform expands to. Beam finds this
 * class as it finds its own translations, by its service; the runner's table has no other way in
 * than by reflection. RATIONALE.md, "Why has Flink an operator of its own for the history?".
 */
public final class UpdateHistoryTranslation implements TransformPayloadTranslatorRegistrar {

  static final String URN = "millrace:transform:update_history:v1";

  /** For Beam, before it translates a pipeline. */
  public UpdateHistoryTranslation() {
    translators().putIfAbsent(URN, new Translator());
  }

  @Override
  @SuppressWarnings("rawtypes") // as Beam has it
  public Map<? extends Class<? extends PTransform>, ? extends TransformPayloadTranslator>
      getTransformPayloadTranslators() {
    return Map.of(UpdateHistory.class, new Named());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map<String, StreamTransformTranslator> translators() {
    try {
      Field table = FlinkStreamingTransformTranslators.class.getDeclaredField("TRANSLATORS");
      table.setAccessible(true);
      return (Map<String, StreamTransformTranslator>) Objects.requireNonNull(table.get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another Beam: its Flink runner has no table TRANSLATORS", e);
    }
  }

  /** Gives the transform a name by which the runner looks translators up. */
  private static final class Named
      extends TransformPayloadTranslator.NotSerializable<UpdateHistory> {
    @Override
    public String getUrn() {
      return URN;
    }
  }

  private static final class Translator extends StreamTransformTranslator<UpdateHistory> {

    @Override
    boolean canTranslate(UpdateHistory transform, FlinkStreamingTranslationContext context) {
      PCollection<KV<byte[], HistoryInput>> input = context.getInput(transform);
      return input.isBounded() == IsBounded.UNBOUNDED
          && input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows;
    }

    @Override
    void translateNode(UpdateHistory transform, FlinkStreamingTranslationContext context) {
      String name = context.getCurrentTransform().getFullName();
      DataStream<WindowedValue<KV<byte[], HistoryInput>>> input =
          context.getInputDataStream(context.getInput(transform));
      Map<TupleTag<?>, PCollection<?>> outputs = context.getOutputs(transform);
      PCollection<Event> events = of(outputs, transform.output());
      PCollection<DeadLetter> letters = of(outputs, transform.deadLetters());
      OutputTag<WindowedValue<DeadLetter>> aside =
          new OutputTag<>(transform.deadLetters().getId(), context.getTypeInfo(letters));
      SingleOutputStreamOperator<WindowedValue<Event>> known =
          input
              .<FlinkKey>keyBy(new KvToFlinkKeyKeySelector<>(ByteArrayCoder.of()))
              .transform(
                  name,
                  new CoderTypeInformation<>(
                      context.getWindowedInputCoder(events), context.getPipelineOptions()),
                  new UpdateHistoryOperator(
                      transform.work(), name, aside, context.getPipelineOptions()))
              .uid(name);
      context.setOutputDataStream(events, known);
      context.setOutputDataStream(letters, known.getSideOutput(aside));
    }

    @SuppressWarnings("unchecked") // a tag says what its collection is of
    private static <T> PCollection<T> of(
        Map<TupleTag<?>, PCollection<?>> outputs, TupleTag<T> tag) {
      return (PCollection<T>) Objects.requireNonNull(outputs.get(tag));
    }
  }
}
