package dev.millrace.flink;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.history.HistoryInput;
import dev.millrace.transforms.history.HistoryState;
import dev.millrace.transforms.history.KeyedWork;
import dev.millrace.transforms.history.UpdateHistory;
import dev.millrace.transforms.step.Acknowledgement;
import dev.millrace.transforms.step.Outlet;
import java.util.List;
import org.apache.beam.runners.core.construction.SerializablePipelineOptions;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.metrics.FlinkMetricContainer;
import org.apache.beam.runners.flink.translation.types.CoderTypeSerializer;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.millrace.transforms.history.UpdateHistory} in the global window of a stream, as the
 * Flink runner's own operator would do it through Beam's function: one {@code ValueState} a key, a
 * processing-time timer for idle keys, and bundles, which end after the pipeline's {@code
 * maxBundleSize} and {@code maxBundleTimeMills} and before a checkpoint, so that nothing under way
 * has to be in it. A bundle does not wait for what was sent to be acknowledged: the checkpoint
 * does, on its own thread. A watermark that comes during a bundle goes on when it has ended.
 */
public final class UpdateHistoryOperator extends AbstractStreamOperator<WindowedValue<Event>>
    implements OneInputStreamOperator<EventBlock, WindowedValue<Event>>,
        Triggerable<String, VoidNamespace> {

  private static final long serialVersionUID = 1;

  private final List<UpdateHistory.Input> inputs;
  private final KeyedWork work;
  private final String step;
  private final OutputTag<WindowedValue<DeadLetter>> deadLetters;
  private final SerializablePipelineOptions options;
  private final boolean metricsOn;
  private final long bundleMillis;
  private final long bundleSize;

  private transient ValueState<HistoryState> state;
  private transient ListState<Acknowledgement> unacknowledged;
  private transient boolean keepsObjects;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient EventCoder[] coders;
  private transient Counter received;
  private transient Out out;
  private transient @Nullable FlinkMetricContainer beamMetrics;
  private transient long inBundle;
  private transient boolean endIsSet;
  private transient @Nullable Watermark waiting;

  /**
   * @param inputs of which events are, by the numbers in their blocks
   * @param step its full name, under which its metrics are
   * @param deadLetters where they go
   */
  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  public UpdateHistoryOperator(
      List<UpdateHistory.Input> inputs,
      KeyedWork work,
      String step,
      OutputTag<WindowedValue<DeadLetter>> deadLetters,
      PipelineOptions options) {
    this.inputs = inputs;
    this.work = work;
    this.step = step;
    this.deadLetters = deadLetters;
    this.options = new SerializablePipelineOptions(options);
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    this.metricsOn = !flink.getDisableMetrics();
    this.bundleMillis = flink.getMaxBundleTimeMills();
    this.bundleSize = flink.getMaxBundleSize();
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    FileSystems.setDefaultPipelineOptions(options.get());
    // Changed in place: what a checkpoint keeps must be a copy, whatever the pipeline has set.
    state =
        context
            .getKeyedStateStore()
            .getState(
                new ValueStateDescriptor<>(
                    "history",
                    new CoderTypeSerializer<>(HistoryState.Coder.of(), /* fasterCopy= */ false)));
    // On the heap Flink gives out what it keeps, or keeps the copy that it gives out.
    keepsObjects = getKeyedStateBackend() instanceof HeapKeyedStateBackend;
    unacknowledged =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "unacknowledged",
                    new CoderTypeSerializer<>(new AcknowledgementCoder(), /* fasterCopy= */ true)));
    timers = getInternalTimerService("expiry", VoidNamespaceSerializer.INSTANCE, this);
  }

  @Override
  public void open() throws Exception {
    super.open();
    coders = inputs.stream().map(each -> EventCoder.of(each.layout())).toArray(EventCoder[]::new);
    received = getMetricGroup().getIOMetricGroup().getNumRecordsInCounter();
    out = new Out();
    beamMetrics = metricsOn ? new FlinkMetricContainer(getRuntimeContext()) : null;
    work.setUp();
  }

  /** A block has many keys: each is set when its event is read. */
  @Override
  @SuppressWarnings("rawtypes") // as Flink has it
  public void setKeyContextElement1(StreamRecord record) {}

  @Override
  public void processElement(StreamRecord<EventBlock> record) throws Exception {
    EventBlock block = record.getValue();
    received.dec(); // Flink counted the block
    long now = timers.currentProcessingTime();
    for (; block.hasNext(); block.next()) {
      received.inc();
      UpdateHistory.Input input = inputs.get(block.input());
      Event event = block.event(coders[block.input()]);
      String key = input.key().text(event);
      setCurrentKey(key);
      process(key, new HistoryInput(input.key().source(), event), block.timestamp(), now);
    }
  }

  private void process(String key, HistoryInput input, long timestamp, long now) throws Exception {
    if (inBundle == 0) {
      startBundle();
    }
    inBundle++;
    HistoryState stored = state.value();
    HistoryState changed =
        work.process(
            input, Instant.ofEpochMilli(timestamp), GlobalWindow.INSTANCE, stored, now, out);
    if (changed != null) {
      if (changed != stored || !keepsObjects) {
        state.update(changed);
      }
      if (stored == null) {
        expireAt(now + work.firstExpiry(key.hashCode()));
      }
    }
    if (inBundle >= bundleSize) {
      finishBundle();
    }
  }

  private void startBundle() {
    if (beamMetrics != null) {
      MetricsEnvironment.setCurrentContainer(beamMetrics.getMetricsContainer(step));
    }
    work.startBundle();
    if (!endIsSet) {
      endIsSet = true;
      var unused =
          getProcessingTimeService()
              .registerTimer(
                  getProcessingTimeService().getCurrentProcessingTime() + bundleMillis,
                  at -> {
                    endIsSet = false;
                    finishBundle();
                  });
    }
  }

  private void finishBundle() throws Exception {
    work.finish(out); // also between bundles: something may have been refused since the last
    if (inBundle == 0) {
      return;
    }
    inBundle = 0;
    if (beamMetrics != null) {
      beamMetrics.updateMetrics(step, List.of());
      MetricsEnvironment.setCurrentContainer(null);
    }
    if (waiting != null) {
      Watermark mark = waiting;
      waiting = null;
      super.processWatermark(mark);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    boolean last = mark.getTimestamp() >= BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
    if (last) {
      finishBundle();
    }
    if (inBundle == 0) {
      super.processWatermark(mark);
    } else {
      waiting = mark;
    }
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    finishBundle();
    super.processWatermarkStatus(status);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    finishBundle();
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    unacknowledged.update(List.of(work.acknowledgement()));
  }

  private void expireAt(long millis) {
    timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, millis);
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    HistoryState stored = state.value();
    if (stored != null) {
      long now = timers.currentProcessingTime();
      long left = work.expiry(stored, now);
      if (left <= 0) {
        state.clear();
      } else {
        expireAt(now + left);
      }
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no timer in event time was set");
  }

  @Override
  public void finish() throws Exception {
    finishBundle();
    work.acknowledgement().await();
    super.finish();
  }

  @Override
  public void close() throws Exception {
    try {
      if (beamMetrics != null) {
        beamMetrics.registerMetricsForPipelineResult();
      }
      work.tearDown();
    } finally {
      super.close();
    }
  }

  /** The element's own timestamp and window, in the global window one pane. */
  private final class Out implements Outlet {
    @Override
    public void event(Event event, Instant timestamp, BoundedWindow window) {
      output.collect(new StreamRecord<>(windowed(event, timestamp, window)));
    }

    @Override
    public void deadLetter(DeadLetter letter, Instant timestamp, BoundedWindow window) {
      output.collect(deadLetters, new StreamRecord<>(windowed(letter, timestamp, window)));
    }

    private <T> WindowedValue<T> windowed(T value, Instant timestamp, BoundedWindow window) {
      return WindowedValues.of(value, timestamp, window, PaneInfo.NO_FIRING);
    }
  }
}
