package dev.millrace.benchmark.handwritten;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Asks the model about a batch when it is full, when its first payment has waited long enough, and
 * before a checkpoint: so that nothing that waits has to be in the checkpoint.
 */
final class ScoreOperator extends AbstractStreamOperator<Decision>
    implements OneInputStreamOperator<Decision, Decision>, BoundedOneInput {

  private final String model;
  private final long batchMillis;
  private transient Scorer scorer;
  private transient boolean timerIsSet;

  @SuppressWarnings("NullAway.Init") // the scorer is made on the worker
  ScoreOperator(String model, long batchMillis) {
    this.model = model;
    this.batchMillis = batchMillis;
    chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void open() throws Exception {
    super.open();
    scorer = new Scorer(model);
  }

  @Override
  public void processElement(StreamRecord<Decision> element) {
    scorer.add(element.getValue());
    if (scorer.waiting() >= Scorer.BATCH) {
      flush();
    } else if (!timerIsSet) {
      timerIsSet = true;
      long due = getProcessingTimeService().getCurrentProcessingTime() + batchMillis;
      var unused = getProcessingTimeService().registerTimer(due, at -> onTime());
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flush();
  }

  @Override
  public void endInput() {
    flush();
  }

  @Override
  public void close() throws Exception {
    scorer.close();
    super.close();
  }

  private void onTime() {
    timerIsSet = false;
    flush();
  }

  private void flush() {
    if (scorer.waiting() > 0) {
      scorer.score().forEach(decision -> output.collect(new StreamRecord<>(decision)));
    }
  }
}
