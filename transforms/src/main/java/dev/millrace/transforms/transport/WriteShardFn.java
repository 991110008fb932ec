package dev.millrace.transforms.transport;

import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Writes the records of each shard in the order in which the runner has made them durable. The
 * state is a few bytes for each shard and is kept for ever; it holds no watermark back.
 */
final class WriteShardFn extends DoFn<KV<Integer, KV<byte[], byte[]>>, Void> {

  /** Makes a shard's transactions on the worker. */
  interface Opening extends Serializable {
    ShardTransactions of(int shard);
  }

  private static final String PROGRESS = "progress";

  @StateId(PROGRESS)
  private final StateSpec<ValueState<byte[]>> progressSpec = StateSpecs.value(ByteArrayCoder.of());

  private final String sinkId;
  private final Opening opening;
  private transient ShardWriters writers;
  private transient Map<Integer, ShardWriter> taken;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  WriteShardFn(String sinkId, Opening opening) {
    this.sinkId = sinkId;
    this.opening = opening;
  }

  @Setup
  public void open() {
    writers = ShardWriters.of(sinkId);
    taken = new HashMap<>();
  }

  @StartBundle
  public void start() {
    // Left by a bundle that failed elsewhere: what they have open must not be committed.
    closeTaken();
  }

  @RequiresStableInput
  @ProcessElement
  public void write(
      @Element KV<Integer, KV<byte[], byte[]>> element,
      @StateId(PROGRESS) ValueState<byte[]> progress)
      throws IOException {
    ShardWriter writer =
        taken.computeIfAbsent(element.getKey(), shard -> writers.take(shard, this::open));
    Progress before = Progress.of(progress.read());
    KV<byte[], byte[]> record = element.getValue();
    progress.write(writer.write(before, record.getKey(), record.getValue()).toBytes());
  }

  private ShardWriter open(int shard) {
    return new ShardWriter("sink %s, shard %d".formatted(sinkId, shard), opening.of(shard));
  }

  @FinishBundle
  public void commit() throws IOException {
    for (ShardWriter writer : taken.values()) {
      writer.commit();
    }
    taken.forEach(writers::giveBack);
    taken.clear();
  }

  @Teardown
  public void close() {
    if (writers != null) {
      closeTaken();
      writers.release(sinkId);
    }
  }

  private void closeTaken() {
    taken.values().forEach(ShardWriter::close);
    taken.clear();
  }
}
