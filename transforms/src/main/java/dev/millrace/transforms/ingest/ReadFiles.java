package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Emits the records of files, to their end: the lines of CSV (behind the header) and of JSON lines
 * as they stand there, the records of Avro container files as plain Avro binary of the contract. A
 * file whose name ends in {@code .gz} (or {@code .bz2}, {@code .zst}) is decompressed. The origin
 * is {@code files:path/0@n}, n being the line or record number from 1.
 *
 * <p>Elements have no timestamp of their own ({@link RawRecord#NO_TIMESTAMP}), since a file has
 * none. Each file is read in order by one reader and files in the order of their names; with a
 * parallelism of 1 the order is kept throughout. An empty line is a record with an empty payload.
 *
 * <p>Files are looked up while the pipeline is assembled: a pattern that matches nothing, or an
 * empty first CSV file, is an {@link IllegalArgumentException} then. A file that turns out to be
 * damaged fails the run, naming the file and the last good record.
 *
 * <pre>{@code
 * pipeline.apply("Read history", ReadFiles.from("transactions-*.csv.gz"));
 * }</pre>
 */
public final class ReadFiles extends PTransform<PBegin, PCollection<RawRecord>> {

  private final String pattern;
  private final @Nullable FileFormat format;
  private final @Nullable Schema schema;

  private ReadFiles(String pattern, @Nullable FileFormat format, @Nullable Schema schema) {
    this.pattern = pattern;
    this.format = format;
    this.schema = schema;
  }

  /** Reads one file, or all that match a pattern with {@code *}, on any of Beam's file systems. */
  public static ReadFiles from(String pattern) {
    return new ReadFiles(pattern, null, null);
  }

  /** The format, where the files' name does not tell it. */
  public ReadFiles withFormat(FileFormat format) {
    return new ReadFiles(pattern, format, schema);
  }

  /** The Avro schema that records of container files are resolved to: the contract's. */
  public ReadFiles withSchema(Schema schema) {
    return new ReadFiles(pattern, format, schema);
  }

  /** The format given, or else the one that the name tells. */
  public FileFormat format() {
    return format == null ? FileFormat.ofName(pattern) : format;
  }

  /**
   * The header line of the first CSV file, read now.
   *
   * @throws IllegalArgumentException when there is no file, or it is empty
   */
  public String header() {
    String first = files().get(0);
    try (InputStream in = MatchedFiles.open(first);
        LineStream lines = new LineStream(in)) {
      byte[] line = lines.next();
      if (line == null) {
        throw new IllegalArgumentException(
            "%s: found an empty file, expected a header line".formatted(first));
      }
      return new String(line, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("%s: %s".formatted(first, e.getMessage()), e);
    }
  }

  @Override
  public PCollection<RawRecord> expand(PBegin begin) {
    FileOpening opening = opening(format());
    FileSource source = new FileSource(files(), opening);
    return begin.apply("From files", Read.from(source)).setCoder(RawRecordCoder.of());
  }

  private FileOpening opening(FileFormat known) {
    if (known == FileFormat.AVRO && schema == null) {
      throw new IllegalArgumentException(
          "files '%s': found no schema, expected withSchema(contract) for Avro files"
              .formatted(pattern));
    }
    return new FileOpening(
        known == FileFormat.CSV ? header() : null, known == FileFormat.AVRO ? schema : null);
  }

  /**
   * The same without an end: files that come later are read too, each once, some records at a time.
   * Every so often they are looked for; one is read when it was the same at two looks, or is older
   * than that, so that nobody reads what is still being written. Names that begin with a dot or an
   * underscore are left out. A file that is changed when it was read is read again, whole: events
   * are known by their ids. What was read is in the checkpoint, by name, for as long as it is
   * there: files that are done with should be moved away in time.
   *
   * <p>What can never be read of a file (a damaged block, a compressed file that is cut off,
   * another header, a file that was moved away in its middle) is a record with a {@link
   * RawRecord#fault} in its place, and counted in {@code ingest/damaged}; then it goes on. A store
   * that does not answer fails the bundle.
   *
   * <p>A record's timestamp is the time at which its file was found. None need be there at launch,
   * but of CSV one, whose header is that of all; the folder must be.
   */
  public PTransform<PBegin, PCollection<List<RawRecord>>> watched(Duration every) {
    return new PTransform<>() {
      @Override
      public PCollection<List<RawRecord>> expand(PBegin begin) {
        checkFolder();
        FileWatch watch = new FileWatch(pattern, every, 0, 1);
        return begin
            .apply("From files", Read.from(new WatchedSource(watch, opening(format()))))
            .setCoder(ListCoder.of(RawRecordCoder.of()));
      }
    };
  }

  /** A pattern in a folder that is not there would match nothing for ever. */
  private void checkFolder() {
    var unused = MatchedFiles.atLaunch(pattern);
    String folder = pattern.replaceFirst("/[^/]*$", "");
    boolean plain = !pattern.contains("://") && !folder.matches(".*[*?\\[{].*");
    if (plain && !Files.isDirectory(Path.of(folder.isEmpty() ? "/" : folder))) {
      throw new IllegalArgumentException(
          "files '%s': found no folder '%s', expected it to be there".formatted(pattern, folder));
    }
  }

  private List<String> files() {
    List<String> found =
        MatchedFiles.atLaunch(pattern).stream().map(file -> file.resourceId().toString()).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "files '%s': found no such file, expected at least one".formatted(pattern));
    }
    return found;
  }
}
