package org.apache.beam.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.flink.EventBlock;
import dev.millrace.flink.UpdateHistoryOperator;
import dev.millrace.transforms.deadletter.StageResult;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.history.Feature;
import dev.millrace.transforms.history.History;
import dev.millrace.transforms.step.Acknowledgement;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import dev.millrace.transforms.step.Outlet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.runners.flink.translation.types.CoderTypeSerializer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** The operator as a pipeline's translation makes it, in Flink's own harness. */
class UpdateHistoryTranslationTest {

  private static final EventLayout LAYOUT =
      EventLayout.of(Schema.builder().addStringField("id").addStringField("user").build());
  private static final List<Feature> FEATURES =
      List.of(Feature.count("count_1h", Duration.ofHours(1)));
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final int BUNDLE_MILLIS = 70;

  private static final class Harness
      extends KeyedOneInputStreamOperatorTestHarness<String, EventBlock, WindowedValue<Event>> {

    private static final EventBlock.Spread ONE_TASK = new EventBlock.Spread(1, 1);

    Harness() throws Exception {
      super(
          (UpdateHistoryOperator) operator(stream(Pipeline.create(options()))),
          block -> "",
          Types.STRING);
      setup(
          new CoderTypeSerializer<>(
              WindowedValues.getFullCoder(
                  EventCoder.of(LAYOUT.plus(History.columns(FEATURES, LAYOUT, null))),
                  GlobalWindow.Coder.INSTANCE),
              false));
    }

    void process(String user, int minute) throws Exception {
      Event event = event(user, minute);
      EventBlock block = new EventBlock(ONE_TASK, 0);
      block.add(0, event.time(), event, EventCoder.of(LAYOUT));
      processElement(new StreamRecord<>(block));
    }

    /** A checkpoint of which nothing is written yet. */
    OperatorSnapshotFutures beginCheckpoint(long id) throws Exception {
      return operator.snapshotState(
          id,
          id,
          CheckpointOptions.forCheckpointWithDefaultLocation(),
          new MemCheckpointStreamFactory(1 << 20));
    }

    /** What came out: events as their id and count, watermarks as their time. */
    List<String> results() {
      List<String> results = new ArrayList<>();
      for (Object one : getOutput()) {
        if (one instanceof Watermark mark) {
          results.add("watermark " + mark.getTimestamp());
        } else if (one instanceof StreamRecord<?> record
            && record.getValue() instanceof WindowedValue<?> value
            && value.getValue() instanceof Event event) {
          results.add(event.id() + " " + event.layout().column("count_1h").getLong(event));
        }
      }
      getOutput().clear();
      return results;
    }
  }

  /** Passes events on, and sends them somewhere that has still to acknowledge them. */
  private static final class Sending extends EventStage {
    private static final AtomicInteger AWAITED = new AtomicInteger();
    private static volatile boolean refused;

    @Override
    public EventLayout layout(EventLayout input) {
      return input;
    }

    @Override
    public EventStep step(EventLayout input) {
      return new EventStep() {
        @Override
        public void process(Event event, Instant timestamp, BoundedWindow window, Outlet out)
            throws IOException {
          out.event(event, timestamp, window);
        }

        @Override
        public Acknowledgement acknowledgement() {
          return () -> {
            if (refused) {
              throw new IOException("refused");
            }
            AWAITED.incrementAndGet();
          };
        }
      };
    }
  }

  private static FlinkPipelineOptions options() {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setStreaming(true);
    options.setMaxBundleTimeMills((long) BUNDLE_MILLIS);
    return options;
  }

  private static Event event(String user, int minute) {
    EventBuilder builder = new EventBuilder(LAYOUT);
    builder.setString(LAYOUT.column("id"), user + minute);
    builder.setString(LAYOUT.column("user"), user);
    return builder.build(user + minute, minute * 60_000L, Origin.NONE);
  }

  private static PCollection<Event> stream(Pipeline pipeline) {
    return pipeline.apply(
        TestStream.create(EventCoder.of(LAYOUT))
            .addElements(event("ann", 0))
            .advanceWatermarkToInfinity());
  }

  /** Flink's operator for the keyed part of the events' history. */
  private static StreamOperator<?> operator(PCollection<Event> events) {
    StageResult<Event> unused =
        events.apply(
            "History",
            History.of("user", FEATURES)
                .deduplicatingWithin(Duration.ofHours(2))
                .withAllowedLateness(Duration.ofHours(2))
                .then(new Sending()));
    FlinkPipelineExecutionEnvironment flink =
        new FlinkPipelineExecutionEnvironment(
            events.getPipeline().getOptions().as(FlinkPipelineOptions.class));
    flink.translate(events.getPipeline());
    StreamNode node =
        flink.getStreamExecutionEnvironment().getStreamGraph(false).getStreamNodes().stream()
            .filter(
                each ->
                    each.getOperatorName().equals("History/Update history")
                        || each.getOperatorName().startsWith("History/Update history/By key"))
            .findFirst()
            .orElseThrow();
    return ((SimpleOperatorFactory<?>) Objects.requireNonNull(node.getOperatorFactory()))
        .getOperator();
  }

  @Test
  void a_stream_in_the_global_window_has_the_operator_and_nothing_else_has() {
    Pipeline pipeline = Pipeline.create(options());
    assertThat(operator(stream(pipeline))).isInstanceOf(UpdateHistoryOperator.class);

    PCollection<Event> windowed =
        stream(Pipeline.create(options()))
            .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardHours(1))));
    assertThat(operator(windowed)).isNotInstanceOf(UpdateHistoryOperator.class);

    PCollection<Event> bounded =
        Pipeline.create(options())
            .apply(Create.of(event("ann", 0)).withCoder(EventCoder.of(LAYOUT)));
    assertThat(operator(bounded)).isNotInstanceOf(UpdateHistoryOperator.class);
  }

  @Test
  void each_event_comes_once_with_its_keys_past() throws Exception {
    try (Harness harness = new Harness()) {
      harness.open();
      harness.process("ann", 0);
      harness.process("bob", 1);
      harness.process("ann", 30);
      harness.process("ann", 0);
      harness.process("ann", 89);
      assertThat(harness.results()).containsExactly("ann0 1", "bob1 1", "ann30 2", "ann89 2");
    }
  }

  @Test
  void a_watermark_goes_on_when_the_bundle_has_ended() throws Exception {
    try (Harness harness = new Harness()) {
      harness.setProcessingTime(1_000);
      harness.open();
      harness.processWatermark(new Watermark(5));
      harness.process("ann", 0);
      harness.processWatermark(new Watermark(7));
      assertThat(harness.results()).containsExactly("watermark 5", "ann0 1");

      harness.setProcessingTime(1_000 + BUNDLE_MILLIS);
      assertThat(harness.results()).containsExactly("watermark 7");
    }
  }

  @Test
  void a_checkpoint_ends_the_bundle_and_holds_each_keys_past() throws Exception {
    OperatorSubtaskState checkpoint;
    try (Harness harness = new Harness()) {
      harness.open();
      harness.process("ann", 0);
      harness.processWatermark(new Watermark(7));
      harness.prepareSnapshotPreBarrier(1);
      assertThat(harness.results()).containsExactly("ann0 1", "watermark 7");
      checkpoint = harness.snapshot(1, 1);
      harness.process("ann", 1);
    }
    try (Harness harness = new Harness()) {
      harness.initializeState(checkpoint);
      harness.open();
      harness.process("ann", 0);
      harness.process("ann", 1);
      assertThat(harness.results()).containsExactly("ann1 2");
    }
  }

  @Test
  void what_comes_while_a_checkpoint_is_written_is_not_in_it() throws Exception {
    OperatorSubtaskState checkpoint;
    try (Harness harness = new Harness()) {
      harness.open();
      harness.process("ann", 0);
      harness.prepareSnapshotPreBarrier(1);
      OperatorSnapshotFutures writing = harness.beginCheckpoint(1);
      harness.process("ann", 1);
      harness.process("ann", 2);
      checkpoint = new OperatorSnapshotFinalizer(writing).getJobManagerOwnedState();
    }
    try (Harness harness = new Harness()) {
      harness.initializeState(checkpoint);
      harness.open();
      harness.process("ann", 0);
      harness.process("ann", 1);
      harness.process("ann", 2);
      assertThat(harness.results()).containsExactly("ann1 2", "ann2 3");
    }
  }

  @Test
  void a_checkpoint_waits_for_what_was_sent_and_a_bundle_does_not() throws Exception {
    Sending.refused = false;
    Sending.AWAITED.set(0);
    try (Harness harness = new Harness()) {
      harness.setProcessingTime(0);
      harness.open();
      harness.process("ann", 0);
      harness.setProcessingTime(BUNDLE_MILLIS);
      harness.process("ann", 1);
      harness.prepareSnapshotPreBarrier(1);
      assertThat(Sending.AWAITED).hasValue(0);
      harness.snapshot(1, 1);
      assertThat(Sending.AWAITED).hasValue(1);
      Sending.refused = true;
      assertThatThrownBy(() -> harness.snapshot(2, 2)).hasStackTraceContaining("refused");
      Sending.refused = false; // at its end it waits once more
    } finally {
      Sending.refused = false;
    }
  }

  @Test
  void a_key_is_forgotten_when_nothing_has_touched_it_for_as_long_as_its_past_matters()
      throws Exception {
    try (Harness harness = new Harness()) {
      harness.setProcessingTime(0);
      harness.open();
      harness.process("ann", 0);
      harness.setProcessingTime(2 * HOUR);
      harness.process("ann", 120);
      harness.setProcessingTime(4 * HOUR);
      assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
      harness.setProcessingTime(6 * HOUR);
      assertThat(harness.numKeyedStateEntries()).isZero();
      assertThat(harness.numProcessingTimeTimers()).isZero();
    }
  }
}
