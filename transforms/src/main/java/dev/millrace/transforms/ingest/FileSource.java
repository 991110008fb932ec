package dev.millrace.transforms.ingest;

import dev.millrace.transforms.event.Origin;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Files that one reader reads from the first record of the first to the last of the last. It splits
 * between files and never inside one, so that the order within a file is kept. It is a source and
 * not a step, because a runner can checkpoint between two records of a source, while a step's
 * outputs for one file would all belong to one bundle.
 */
final class FileSource extends BoundedSource<RawRecord> {

  private final List<String> files;
  private final FileOpening opening;

  FileSource(List<String> files, FileOpening opening) {
    this.files = List.copyOf(files);
    this.opening = opening;
  }

  @Override
  public List<FileSource> split(long desiredBundleSizeBytes, PipelineOptions options) {
    return files.stream().map(file -> new FileSource(List.of(file), opening)).toList();
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) throws IOException {
    long size = 0;
    for (String file : files) {
      size += FileSystems.matchSingleFileSpec(file).sizeBytes();
    }
    return size;
  }

  @Override
  public BoundedReader<RawRecord> createReader(PipelineOptions options) {
    return new Reader(this);
  }

  @Override
  public Coder<RawRecord> getOutputCoder() {
    return RawRecordCoder.of();
  }

  private static final class Reader extends BoundedReader<RawRecord> {

    private final FileSource source;
    private int next;
    private @Nullable RecordStream open;
    private @Nullable RawRecord current;

    Reader(FileSource source) {
      this.source = source;
    }

    @Override
    public boolean start() throws IOException {
      return advance();
    }

    @Override
    public boolean advance() throws IOException {
      while (open != null || next < source.files.size()) {
        String file = source.files.get(open == null ? next : next - 1);
        if (open == null) {
          open = source.opening.open(file);
          next++;
        }
        byte[] payload = FileOpening.next(file, open);
        if (payload != null) {
          Origin origin = new Origin("files", file, 0, open.position());
          current = new RawRecord(origin, RawRecord.NO_TIMESTAMP, null, payload);
          return true;
        }
        close();
      }
      return false;
    }

    @Override
    public RawRecord getCurrent() {
      if (current == null) {
        throw new NoSuchElementException("nothing was read yet");
      }
      return current;
    }

    @Override
    public void close() throws IOException {
      if (open != null) {
        open.close();
        open = null;
      }
    }

    @Override
    public FileSource getCurrentSource() {
      return source;
    }
  }
}
