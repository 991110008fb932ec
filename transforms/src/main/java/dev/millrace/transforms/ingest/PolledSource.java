package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.SourceMetrics;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * KafkaIO's source over a {@link PolledConsumer}, as the records that it read. A runner and KafkaIO
 * do as much for an element of a source as Millrace does to decide about a payment: Flink's
 * publishes every metric of the step, KafkaIO updates five. Here it is done once for all the
 * records that were there when the broker was asked; at the head of the stream that is one, and
 * none waits for others.
 *
 * <p>Checkpoints, watermark and backlog are KafkaIO's. An element's timestamp is that of its
 * earliest record.
 */
final class PolledSource extends UnboundedSource<List<RawRecord>, KafkaCheckpointMark> {

  private static final long serialVersionUID = 1;

  private final UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark> kafka;

  PolledSource(UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark> kafka) {
    this.kafka = kafka;
  }

  @Override
  public List<PolledSource> split(int desiredNumSplits, PipelineOptions options) throws Exception {
    return kafka.split(desiredNumSplits, options).stream().map(PolledSource::new).toList();
  }

  @Override
  public UnboundedReader<List<RawRecord>> createReader(
      PipelineOptions options, @Nullable KafkaCheckpointMark mark) throws IOException {
    return new Reader(this, kafka.createReader(options, mark));
  }

  @Override
  public Coder<KafkaCheckpointMark> getCheckpointMarkCoder() {
    return kafka.getCheckpointMarkCoder();
  }

  @Override
  public Coder<List<RawRecord>> getOutputCoder() {
    return ListCoder.of(RawRecordCoder.of());
  }

  @Override
  public void validate() {
    kafka.validate();
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.include("kafka", kafka);
  }

  private static final class Reader extends UnboundedReader<List<RawRecord>> {

    private final Counter elementsRead = SourceMetrics.elementsRead();
    private final Counter bytesRead = SourceMetrics.bytesRead();
    private final PolledSource source;
    private final UnboundedReader<KafkaRecord<byte[], byte[]>> kafka;

    Reader(PolledSource source, UnboundedReader<KafkaRecord<byte[], byte[]>> kafka) {
      this.source = source;
      this.kafka = kafka;
    }

    @Override
    public boolean start() throws IOException {
      return counted(kafka.start());
    }

    @Override
    public boolean advance() throws IOException {
      return counted(kafka.advance());
    }

    /** KafkaIO counts the last record only. */
    private boolean counted(boolean there) {
      if (there) {
        List<RawRecord> records = getCurrent();
        long bytes = 0;
        for (RawRecord record : records.subList(0, records.size() - 1)) {
          byte[] key = record.key();
          bytes += record.payload().length + (key == null ? 0 : key.length);
        }
        elementsRead.inc(records.size() - 1);
        bytesRead.inc(bytes);
      }
      return there;
    }

    @Override
    public List<RawRecord> getCurrent() {
      return PolledRecords.behind(kafka.getCurrent());
    }

    @Override
    public Instant getCurrentTimestamp() {
      return kafka.getCurrentTimestamp();
    }

    @Override
    public Instant getWatermark() {
      return kafka.getWatermark();
    }

    @Override
    public CheckpointMark getCheckpointMark() {
      return kafka.getCheckpointMark();
    }

    @Override
    public long getSplitBacklogBytes() {
      return kafka.getSplitBacklogBytes();
    }

    @Override
    public long getTotalBacklogBytes() {
      return kafka.getTotalBacklogBytes();
    }

    @Override
    public UnboundedSource<List<RawRecord>, ?> getCurrentSource() {
      return source;
    }

    @Override
    public void close() throws IOException {
      kafka.close();
    }
  }
}
