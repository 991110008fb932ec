package dev.millrace.transforms.ingest;

import dev.millrace.transforms.event.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.avro.Schema;
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
  private final FileFormat format;
  private final @Nullable String header;
  private final @Nullable Schema schema;

  FileSource(
      List<String> files, FileFormat format, @Nullable String header, @Nullable Schema schema) {
    this.files = List.copyOf(files);
    this.format = format;
    this.header = header;
    this.schema = schema;
  }

  @Override
  public List<FileSource> split(long desiredBundleSizeBytes, PipelineOptions options) {
    return files.stream()
        .map(file -> new FileSource(List.of(file), format, header, schema))
        .toList();
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

  private RecordStream records(String file) throws IOException {
    InputStream in = MatchedFiles.open(file);
    try {
      if (schema != null) {
        return new AvroStream(in, schema);
      }
      LineStream lines = new LineStream(in);
      if (header != null) {
        checkHeader(file, lines.next());
      }
      return lines;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void checkHeader(String file, byte @Nullable [] line) throws IOException {
    String found = line == null ? "" : new String(line, StandardCharsets.UTF_8);
    if (!found.equals(header)) {
      throw new IOException(
          "%s, line 1: found header '%s', expected '%s', that of the first file"
              .formatted(file, found, header));
    }
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
          open = source.records(file);
          next++;
        }
        byte[] payload = read(file, open);
        if (payload != null) {
          Origin origin = new Origin("files", file, 0, open.position());
          current = new RawRecord(origin, RawRecord.NO_TIMESTAMP, null, payload);
          return true;
        }
        close();
      }
      return false;
    }

    private static byte @Nullable [] read(String file, RecordStream from) throws IOException {
      try {
        return from.next();
      } catch (IOException e) {
        throw new IOException(
            "%s, after record %d: %s".formatted(file, from.position(), e.getMessage()), e);
      }
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
