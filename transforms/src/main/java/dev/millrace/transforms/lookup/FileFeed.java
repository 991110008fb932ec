package dev.millrace.transforms.lookup;

import dev.millrace.transforms.ingest.FileFormat;
import dev.millrace.transforms.ingest.MatchedFiles;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/** Loads a file when it has changed. */
final class FileFeed implements TableFeed {

  /** For who waits for the whole anyway. */
  static final Progress UNWATCHED =
      new Progress() {
        @Override
        public void heard() {}

        @Override
        public void read(long records, String of) {}

        @Override
        public void away(String found) {}

        @Override
        public void refused(String found) {}
      };

  private final ReferenceFile source;
  private final FileFormat format;
  private final AnswerReader reader;
  private List<Version> seen = List.of();

  /** What a file looks like from outside. */
  private record Version(String file, long bytes, long modified) {}

  /**
   * @throws IllegalArgumentException when the name tells no format
   */
  FileFeed(ReferenceFile source, LookupColumns columns) {
    this.source = source;
    this.format = FileFormat.ofName(source.path());
    this.reader = new AnswerReader(columns);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public TableRecords load(Progress progress) throws IOException {
    seen = List.of();
    List<Version> found = look();
    if (found.isEmpty()) {
      throw new IOException("%s: found no such file".formatted(name()));
    }
    // Before it is read: one that is bad is not read again until it changes.
    seen = found;
    TableRecords records = new TableRecords(name(), source.maxBytes());
    for (Version each : found) {
      read(each, records, progress);
    }
    if (records.size() == 0) {
      throw new IOException("%s: found no record, expected one or more".formatted(name()));
    }
    if (!look().equals(found)) {
      throw new IOException("%s: changed while it was read".formatted(name()));
    }
    return records;
  }

  private void read(Version file, TableRecords into, Progress progress) throws IOException {
    try (FileRecords records = FileRecords.open(file.file(), format, source.key(), reader)) {
      for (FileRecords.Keyed each = records.next(); each != null; each = records.next()) {
        if (into.put(each.key(), each.answer())) {
          throw records.problem("found key '%s' twice, expected it once".formatted(each.key()));
        }
        progress.read(into.size(), file.file());
      }
    }
  }

  @Override
  public void follow(TableRecords records, Progress progress)
      throws IOException, InterruptedException {
    List<Version> now;
    do {
      TimeUnit.MILLISECONDS.sleep(source.refresh().toMillis());
      now = look();
      if (now.isEmpty()) {
        throw new IOException("%s: found no such file".formatted(name()));
      }
      progress.heard();
    } while (now.equals(seen));
  }

  private List<Version> look() throws IOException {
    return MatchedFiles.of(source.path()).stream().map(FileFeed::version).toList();
  }

  private static Version version(Metadata file) {
    return new Version(file.resourceId().toString(), file.sizeBytes(), file.lastModifiedMillis());
  }

  @Override
  public void close() {}
}
