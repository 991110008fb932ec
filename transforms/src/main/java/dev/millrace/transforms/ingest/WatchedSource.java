package dev.millrace.transforms.ingest;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** Files as they come. An element is some records of one of them. */
final class WatchedSource extends UnboundedSource<List<RawRecord>, WatchMark> {

  private static final long serialVersionUID = 1;

  private final FileWatch watch;
  private final FileOpening opening;

  WatchedSource(FileWatch watch, FileOpening opening) {
    this.watch = watch;
    this.opening = opening;
  }

  @Override
  public List<WatchedSource> split(int desiredNumSplits, PipelineOptions options) {
    int parts = Math.max(1, desiredNumSplits);
    return IntStream.range(0, parts)
        .mapToObj(part -> new WatchedSource(watch.part(part, parts), opening))
        .toList();
  }

  @Override
  public WatchedReader createReader(PipelineOptions options, @Nullable WatchMark mark) {
    return new WatchedReader(this, mark, System::currentTimeMillis);
  }

  FileWatch watch() {
    return watch;
  }

  FileOpening opening() {
    return opening;
  }

  @Override
  public Coder<WatchMark> getCheckpointMarkCoder() {
    return WatchMark.CODER;
  }

  @Override
  public Coder<List<RawRecord>> getOutputCoder() {
    return ListCoder.of(RawRecordCoder.of());
  }
}
