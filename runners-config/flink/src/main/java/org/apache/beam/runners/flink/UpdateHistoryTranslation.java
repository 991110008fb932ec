package org.apache.beam.runners.flink;

import dev.millrace.flink.BlockPartitioner;
import dev.millrace.flink.EventBlock;
import dev.millrace.flink.SendBlocksOperator;
import dev.millrace.flink.UpdateHistoryOperator;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.history.UpdateHistory;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.model.pipeline.v1.RunnerApi.FunctionSpec;
import org.apache.beam.runners.flink.FlinkStreamingPipelineTranslator.StreamTransformTranslator;
import org.apache.beam.runners.flink.translation.types.CoderTypeInformation;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.util.construction.PTransformTranslation.TransformPayloadTranslator;
import org.apache.beam.sdk.util.construction.SdkComponents;
import org.apache.beam.sdk.util.construction.TransformPayloadTranslatorRegistrar;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.transformations.PartitionTransformation;
import org.apache.flink.util.OutputTag;

/**
 * Has the Flink runner translate {@link UpdateHistory} into operators of our own, where it is in
 * the global window of a stream; anywhere else it is what the transform expands to. Beam finds this
 * class as it finds its own translations, by its service; the runner's table has no other way in
 * than by reflection. RATIONALE.md, "Why has the history operators of its own on Flink?".
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

  /**
   * Gives the transform a name by which the runner looks translators up. To a runner that goes by
   * the portable pipeline, the name alone is said: what it does is in the steps that it expands to.
   */
  private static final class Named implements TransformPayloadTranslator<UpdateHistory> {
    @Override
    public String getUrn() {
      return URN;
    }

    @Override
    public FunctionSpec translate(
        AppliedPTransform<?, ?, UpdateHistory> applied, SdkComponents components) {
      return FunctionSpec.newBuilder().setUrn(URN).build();
    }
  }

  private static final class Translator extends StreamTransformTranslator<UpdateHistory> {

    @Override
    boolean canTranslate(UpdateHistory transform, FlinkStreamingTranslationContext context) {
      Collection<PCollection<?>> inputs = context.getInputs(transform).values();
      return inputs.stream().anyMatch(input -> input.isBounded() == IsBounded.UNBOUNDED)
          && inputs.stream()
              .allMatch(
                  input -> input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows);
    }

    @Override
    void translateNode(UpdateHistory transform, FlinkStreamingTranslationContext context) {
      String name = context.getCurrentTransform().getFullName();
      Map<TupleTag<?>, PCollection<?>> outputs = context.getOutputs(transform);
      PCollection<Event> events = of(outputs, transform.output());
      PCollection<DeadLetter> letters = of(outputs, transform.deadLetters());
      OutputTag<WindowedValue<DeadLetter>> aside =
          new OutputTag<>(transform.deadLetters().getId(), context.getTypeInfo(letters));

      List<DataStream<EventBlock>> blocks = new ArrayList<>();
      List<DataStream<WindowedValue<DeadLetter>>> deadLetters = new ArrayList<>();
      for (UpdateHistory.Input input : transform.inputs()) {
        SingleOutputStreamOperator<EventBlock> gathered =
            gathered(transform, context, input, name + "/Send " + input.name(), aside);
        blocks.add(
            new DataStream<>(
                gathered.getExecutionEnvironment(),
                new PartitionTransformation<>(
                    gathered.getTransformation(), new BlockPartitioner())));
        deadLetters.add(gathered.getSideOutput(aside));
      }
      SingleOutputStreamOperator<WindowedValue<Event>> known =
          together(blocks)
              .transform(
                  name,
                  context.getTypeInfo(events),
                  new UpdateHistoryOperator(
                      transform.inputs(),
                      transform.work(),
                      name,
                      aside,
                      context.getPipelineOptions()))
              .uid(name);
      keyed((OneInputTransformation<?, ?>) known.getTransformation());
      deadLetters.add(known.getSideOutput(aside));
      context.setOutputDataStream(events, known);
      context.setOutputDataStream(letters, together(deadLetters));
    }

    private static SingleOutputStreamOperator<EventBlock> gathered(
        UpdateHistory transform,
        FlinkStreamingTranslationContext context,
        UpdateHistory.Input input,
        String name,
        OutputTag<WindowedValue<DeadLetter>> aside) {
      DataStream<WindowedValue<Event>> records =
          context.getInputDataStream(of(context.getInputs(transform), input.tag()));
      return records
          .transform(
              name,
              new CoderTypeInformation<>(new EventBlock.Coder(), context.getPipelineOptions()),
              new SendBlocksOperator(
                  transform.inputs().indexOf(input),
                  input.key(),
                  EventCoder.of(input.layout()),
                  aside))
          .uid(name);
    }

    /** Flink's keyed state, of an operator that says itself what is the key. */
    private static void keyed(OneInputTransformation<?, ?> operator) {
      operator.setStateKeySelector(
          block -> {
            throw new IllegalStateException("a block has no key, its events have");
          });
      operator.setStateKeyType(Types.STRING);
    }

    private static <T> DataStream<T> together(List<DataStream<T>> streams) {
      return streams.stream().reduce((all, more) -> all.union(more)).orElseThrow();
    }

    @SuppressWarnings("unchecked") // a tag says what its collection is of
    private static <T> PCollection<T> of(
        Map<TupleTag<?>, PCollection<?>> outputs, TupleTag<T> tag) {
      return (PCollection<T>) Objects.requireNonNull(outputs.get(tag));
    }
  }
}
