package dev.millrace.transforms.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Gives what another source has many records at a time. A runner does as much for an element of a
 * source as Millrace does to decide about a payment: Flink's publishes every metric of the step
 * each time, and a source counts by looking up its metrics by name. Where records wait to be read,
 * all that is done once for up to {@value #LARGEST} of them.
 *
 * <p>A record does not wait for others. A batch has at most an eighth of the records that came
 * without a wait before it, so at the head of the stream it has one; where a source runs dry within
 * a batch, what is in it waits for the source's own pause, a few milliseconds, once.
 *
 * <p>Checkpoints, watermark and backlog are the other source's. The timestamp of a batch is that of
 * its earliest record.
 *
 * @param <T> what the other source gives
 * @param <M> the other source's checkpoints
 */
final class BatchedSource<T, M extends CheckpointMark> extends UnboundedSource<List<RawRecord>, M> {

  static final int LARGEST = 1_024;

  /**
   * Longer than this and the source has waited, in nanoseconds; a record that is there takes 1 us.
   */
  private static final long WAITED = 200_000;

  private final UnboundedSource<T, M> records;
  private final SerializableBiFunction<T, Instant, RawRecord> raw;

  BatchedSource(UnboundedSource<T, M> records, SerializableBiFunction<T, Instant, RawRecord> raw) {
    this.records = records;
    this.raw = raw;
  }

  @Override
  public List<BatchedSource<T, M>> split(int desiredNumSplits, PipelineOptions options)
      throws Exception {
    return records.split(desiredNumSplits, options).stream()
        .map(split -> new BatchedSource<T, M>(split, raw))
        .toList();
  }

  @Override
  public UnboundedReader<List<RawRecord>> createReader(PipelineOptions options, @Nullable M mark)
      throws IOException {
    return new Reader<>(this, records.createReader(options, mark), raw, System::nanoTime);
  }

  @Override
  public Coder<M> getCheckpointMarkCoder() {
    return records.getCheckpointMarkCoder();
  }

  @Override
  public Coder<List<RawRecord>> getOutputCoder() {
    return ListCoder.of(RawRecordCoder.of());
  }

  @Override
  public void validate() {
    records.validate();
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.include("records", records);
  }

  static final class Reader<T> extends UnboundedReader<List<RawRecord>> {

    private final UnboundedSource<List<RawRecord>, ?> source;
    private final UnboundedReader<T> records;
    private final SerializableBiFunction<T, Instant, RawRecord> raw;
    private final LongSupplier nanoTime;
    private final GatheredMetrics metrics = new GatheredMetrics();
    private List<RawRecord> batch = List.of();
    private Instant earliest = Instant.EPOCH;
    private int withoutWait;

    Reader(
        UnboundedSource<List<RawRecord>, ?> source,
        UnboundedReader<T> records,
        SerializableBiFunction<T, Instant, RawRecord> raw,
        LongSupplier nanoTime) {
      this.source = source;
      this.records = records;
      this.raw = raw;
      this.nanoTime = nanoTime;
    }

    @Override
    public boolean start() throws IOException {
      if (!records.start()) {
        return false;
      }
      batch = new ArrayList<>(1);
      add();
      return true;
    }

    @Override
    public boolean advance() throws IOException {
      int most = Math.max(1, Math.min(LARGEST, withoutWait / 8));
      batch = new ArrayList<>(most);
      try (Closeable gathering = metrics.begin()) {
        while (batch.size() < most && next()) {
          add();
        }
      }
      metrics.tell();
      return !batch.isEmpty();
    }

    private boolean next() throws IOException {
      long before = nanoTime.getAsLong();
      boolean there = records.advance();
      boolean waited = !there || nanoTime.getAsLong() - before > WAITED;
      withoutWait = waited ? 0 : Math.min(withoutWait + 1, LARGEST * 8);
      return there;
    }

    private void add() {
      Instant timestamp = records.getCurrentTimestamp();
      if (batch.isEmpty() || timestamp.isBefore(earliest)) {
        earliest = timestamp;
      }
      batch.add(raw.apply(records.getCurrent(), timestamp));
    }

    @Override
    public List<RawRecord> getCurrent() {
      if (batch.isEmpty()) {
        throw new NoSuchElementException();
      }
      return batch;
    }

    @Override
    public Instant getCurrentTimestamp() {
      if (batch.isEmpty()) {
        throw new NoSuchElementException();
      }
      return earliest;
    }

    @Override
    public Instant getWatermark() {
      return records.getWatermark();
    }

    @Override
    public CheckpointMark getCheckpointMark() {
      return records.getCheckpointMark();
    }

    @Override
    public long getSplitBacklogBytes() {
      return records.getSplitBacklogBytes();
    }

    @Override
    public long getTotalBacklogBytes() {
      return records.getTotalBacklogBytes();
    }

    @Override
    public UnboundedSource<List<RawRecord>, ?> getCurrentSource() {
      return source;
    }

    @Override
    public void close() throws IOException {
      records.close();
    }
  }
}
