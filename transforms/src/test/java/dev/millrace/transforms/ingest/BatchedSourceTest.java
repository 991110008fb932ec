package dev.millrace.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What {@link BatchedSource} makes of a source with a given number of records that are there. */
class BatchedSourceTest {

  private final Numbers numbers = new Numbers();
  private final BatchedSource.Reader<Integer> reader =
      new BatchedSource.Reader<>(
          new BatchedSource<>(new NumbersSource(), BatchedSourceTest::raw),
          numbers,
          BatchedSourceTest::raw,
          () -> numbers.nanos);

  @Test
  void record_after_a_wait_does_not_wait_for_others() throws IOException {
    numbers.arrive(1);
    assertThat(reader.start()).isTrue();
    for (int i = 0; i < 20; i++) {
      numbers.arriveAfterAWait(1);
      assertThat(reader.advance()).isTrue();
      assertThat(reader.getCurrent()).hasSize(1);
    }
  }

  @Test
  void batches_grow_while_records_are_there_and_every_record_comes_once_and_in_order()
      throws IOException {
    numbers.arrive(10_000);
    List<Integer> sizes = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    for (boolean there = reader.start(); there; there = reader.advance()) {
      sizes.add(reader.getCurrent().size());
      reader.getCurrent().forEach(record -> offsets.add(record.origin().position()));
    }
    assertThat(sizes.subList(0, 9)).containsOnly(1);
    assertThat(sizes).contains(2, 8, 64, BatchedSource.LARGEST);
    assertThat(sizes).allMatch(size -> size <= BatchedSource.LARGEST);
    assertThat(offsets).hasSize(10_000).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void batch_ends_where_the_source_runs_dry_and_the_next_begins_with_one() throws IOException {
    numbers.arrive(1_000);
    int read = 0;
    for (boolean there = reader.start(); there; there = reader.advance()) {
      read += reader.getCurrent().size();
    }
    assertThat(read).isEqualTo(1_000);
    assertThat(reader.advance()).isFalse();
    numbers.arriveAfterAWait(5);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.getCurrent()).hasSize(1);
  }

  @Test
  void timestamp_is_that_of_the_earliest_record() throws IOException {
    numbers.arrive(200);
    reader.start();
    while (reader.getCurrent().size() < 2) {
      reader.advance();
    }
    List<RawRecord> batch = reader.getCurrent();
    // Later numbers are earlier.
    assertThat(reader.getCurrentTimestamp().getMillis())
        .isEqualTo(batch.get(batch.size() - 1).timestamp())
        .isLessThan(batch.get(0).timestamp());
  }

  private static RawRecord raw(int number, Instant timestamp) {
    return new RawRecord(
        new Origin("test", "numbers", 0, number), timestamp.getMillis(), null, new byte[0]);
  }

  private static final class Numbers extends UnboundedReader<Integer> {
    private int last;
    private int arrived;
    private boolean waits;
    private long nanos;

    void arrive(int more) {
      arrived += more;
    }

    void arriveAfterAWait(int more) {
      arrived += more;
      waits = true;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      nanos += waits ? 1_000_000 : 100;
      waits = false;
      if (last == arrived) {
        return false;
      }
      last++;
      return true;
    }

    @Override
    public Integer getCurrent() throws NoSuchElementException {
      return last;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(1_000_000 - last);
    }

    @Override
    public Instant getWatermark() {
      return Instant.EPOCH;
    }

    @Override
    public CheckpointMark getCheckpointMark() {
      return CheckpointMark.NOOP_CHECKPOINT_MARK;
    }

    @Override
    public UnboundedSource<Integer, ?> getCurrentSource() {
      return new NumbersSource();
    }

    @Override
    public void close() {}
  }

  private static final class NumbersSource extends UnboundedSource<Integer, CheckpointMark> {
    @Override
    public List<NumbersSource> split(int desiredNumSplits, PipelineOptions options) {
      return List.of(this);
    }

    @Override
    public UnboundedReader<Integer> createReader(PipelineOptions options, CheckpointMark mark) {
      return new Numbers();
    }

    @Override
    public Coder<CheckpointMark> getCheckpointMarkCoder() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Coder<Integer> getOutputCoder() {
      return VarIntCoder.of();
    }
  }
}
