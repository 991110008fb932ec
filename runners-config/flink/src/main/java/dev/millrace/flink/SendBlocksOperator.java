package dev.millrace.flink;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.history.HistoryKey;
import java.util.stream.IntStream;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;

/**
 * Sends events to the tasks of their keys, in {@linkplain EventBlock blocks}. A block goes on when
 * it is full, and at the latest when the task has done what it is at: as much as a poll of the
 * source brought. So no event waits for another that is not there yet. It goes before a watermark
 * and before a checkpoint too, and thus nothing has to be in it.
 */
public final class SendBlocksOperator extends AbstractStreamOperator<EventBlock>
    implements OneInputStreamOperator<WindowedValue<Event>, EventBlock> {

  private static final long serialVersionUID = 1;

  private final int input;
  private final HistoryKey key;
  private final EventCoder coder;
  private final OutputTag<WindowedValue<DeadLetter>> deadLetters;

  private transient EventBlock.Spread spread;
  private transient EventBlock[] blocks;
  private transient MailboxExecutor mailbox;
  private transient Counter sent;
  private transient boolean sendingIsDue;

  /**
   * @param input the number of the input that these are, for who gets them
   * @param deadLetters where events without a key go
   */
  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  public SendBlocksOperator(
      int input,
      HistoryKey key,
      EventCoder coder,
      OutputTag<WindowedValue<DeadLetter>> deadLetters) {
    this.input = input;
    this.key = key;
    this.coder = coder;
    this.deadLetters = deadLetters;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  /** Nothing is stored in it: but of a task with state Flink restores the maximum parallelism. */
  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    var unused =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("none", Types.BOOLEAN));
  }

  @Override
  public void open() throws Exception {
    super.open();
    TaskInfo task = getRuntimeContext().getTaskInfo();
    spread =
        new EventBlock.Spread(
            task.getMaxNumberOfParallelSubtasks(), task.getNumberOfParallelSubtasks());
    blocks =
        IntStream.range(0, spread.tasks())
            .mapToObj(each -> new EventBlock(spread, each))
            .toArray(EventBlock[]::new);
    mailbox =
        getContainingTask()
            .getMailboxExecutorFactory()
            .createExecutor(getOperatorConfig().getChainIndex());
    sent = getMetricGroup().getIOMetricGroup().getNumRecordsOutCounter();
  }

  @Override
  public void processElement(StreamRecord<WindowedValue<Event>> record) {
    WindowedValue<Event> element = record.getValue();
    Event event = element.getValue();
    if (!key.isIn(event)) {
      output.collect(deadLetters, new StreamRecord<>(element.withValue(key.missing(event))));
      return;
    }
    EventBlock block = blocks[spread.task(key.hash(event))];
    block.add(input, element.getTimestamp().getMillis(), event, coder);
    sent.inc();
    if (block.isFull()) {
      send(block);
    } else if (!sendingIsDue) {
      sendingIsDue = true;
      mailbox.execute(this::sendAll, "send what the task has gathered");
    }
  }

  private void sendAll() {
    sendingIsDue = false;
    for (EventBlock block : blocks) {
      if (!block.isEmpty()) {
        send(block);
      }
    }
  }

  private void send(EventBlock block) {
    sent.dec(); // Flink counts the block
    output.collect(new StreamRecord<>(block));
    block.clear();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    sendAll();
    super.processWatermark(mark);
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    sendAll();
    super.processWatermarkStatus(status);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    sendAll();
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void finish() throws Exception {
    sendAll();
    super.finish();
  }
}
