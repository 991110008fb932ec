package dev.millrace.transforms.transport.files;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.transport.Destination;
import dev.millrace.transforms.transport.OutgoingRecord;
import dev.millrace.transforms.transport.RecordSender;
import java.time.Duration;
import org.apache.avro.Schema;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Files of the records of one window of time each, Avro or JSON lines, in a folder on any file
 * system of Beam's. A record's value is Avro binary of the schema, without a frame; its key names
 * it; its window is that of its element's timestamp.
 *
 * <p>A file is there, whole, when the watermark has passed its window, or when it has 64 MB.
 * Records that come later are not dropped: they are gathered for a window, or a minute, by the
 * watermark, and are another file of their window. A pipeline that is drained leaves nothing
 * behind. What waits is in the runner's state.
 *
 * <p>Written at least once: a file is named by its window, its shard and the keys in it, so what is
 * written again after a failure takes the place of itself where it is the same records. Where it is
 * not, because they came in another order, some are in two files. Names sort by time:
 *
 * <pre>
 * decisions/date=2026-11-28/20261128T070000Z-20261128T070500Z-0-of-4-5f2e0c9a41b7d380.avro
 * </pre>
 *
 * A file that is being written has a name that begins with a dot, as has what a killed worker left.
 */
@AutoValue
public abstract class WindowedFiles implements Destination {

  /** What waits is in the state of one key, which runners read as a whole. */
  private static final long LARGEST = 64 << 20;

  abstract String folder();

  abstract WrittenFormat format();

  abstract Duration window();

  abstract int shards();

  abstract long largest();

  abstract @Nullable String schema();

  abstract Builder toBuilder();

  /** Avro files of five minutes each. */
  public static WindowedFiles in(String folder) {
    return new AutoValue_WindowedFiles.Builder()
        .setFolder(folder.endsWith("/") ? folder : folder + "/")
        .setFormat(WrittenFormat.AVRO)
        .setWindow(Duration.ofMinutes(5))
        .setShards(1)
        .setLargest(LARGEST)
        .build();
  }

  /** Whose records are of {@code schema}. */
  public WindowedFiles of(Schema schema) {
    return toBuilder().setSchema(schema.toString()).build();
  }

  /** Avro by default. */
  public WindowedFiles withFormat(WrittenFormat format) {
    return toBuilder().setFormat(format).build();
  }

  /**
   * How long a window is; the first began at 1970-01-01T00:00Z. Five minutes by default.
   *
   * @throws IllegalArgumentException for less than a second, or parts of one
   */
  public WindowedFiles withWindow(Duration window) {
    if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.toMillis() % 1_000 != 0) {
      throw new IllegalArgumentException(
          "found a window of %d ms, expected whole seconds".formatted(window.toMillis()));
    }
    return toBuilder().setWindow(window).build();
  }

  /**
   * How many files a window has, so that as many workers can write it; a key is always in the same.
   * One by default.
   *
   * @throws IllegalArgumentException for less than one
   */
  public WindowedFiles withShards(int shards) {
    if (shards < 1) {
      throw new IllegalArgumentException("found %d shards, expected 1 or more".formatted(shards));
    }
    return toBuilder().setShards(shards).build();
  }

  /** How many bytes of records are a file, though its window is not over. 64 MB by default. */
  WindowedFiles withLargest(long bytes) {
    return toBuilder().setLargest(bytes).build();
  }

  /**
   * Looks, at launch, whether files can be written there.
   *
   * @throws IllegalArgumentException when they cannot
   */
  public void check() {
    FolderProbe.check(folder());
  }

  @Override
  public String transport() {
    return "files";
  }

  @Override
  public boolean isWrittenInBundles() {
    return false;
  }

  @Override
  public RecordSender sender() {
    throw new UnsupportedOperationException("files are written by steps of their own");
  }

  @Override
  public long sizeOf(OutgoingRecord record) {
    return (long) record.key().length + record.value().length;
  }

  @Override
  public PTransform<PCollection<KV<byte[], byte[]>>, PDone> write() {
    String schema = schema();
    if (schema == null) {
      throw new IllegalStateException("found no schema of the records: say it by of(schema)");
    }
    return new WriteWindows(naming(), format(), schema, largest());
  }

  private FileNames naming() {
    return new FileNames(folder(), window(), shards(), format().suffix());
  }

  @Override
  public final String toString() {
    return "files '%s'".formatted(folder());
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setFolder(String value);

    abstract Builder setFormat(WrittenFormat value);

    abstract Builder setWindow(Duration value);

    abstract Builder setShards(int value);

    abstract Builder setLargest(long value);

    abstract Builder setSchema(String value);

    abstract WindowedFiles build();
  }
}
