package dev.millrace.transforms.transport.files;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * What window and shard a record is in, and how their files are called.
 *
 * @param folder with a slash at its end
 * @param suffix {@code .avro}
 */
record FileNames(String folder, Duration window, int shards, String suffix)
    implements Serializable {

  private static final DateTimeFormatter DAY = formatter("uuuu-MM-dd");
  private static final DateTimeFormatter TIME = formatter("uuuuMMdd'T'HHmmss'Z'");

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /** When the window of {@code millis} began. */
  long startOf(long millis) {
    return Math.floorDiv(millis, window.toMillis()) * window.toMillis();
  }

  /** When the window that began at {@code start} has ended. */
  long endOf(long start) {
    return start + window.toMillis();
  }

  int shardOf(byte[] key) {
    // The hashes of keys that count up count up as well: mixed, they fall into all shards.
    int hash = Arrays.hashCode(key) * 0x9E3779B9;
    return Math.floorMod(hash >>> 8, shards);
  }

  /** The file of a window and shard that holds what {@code contents} stands for. */
  ResourceId file(long start, int shard, String contents) {
    return resource(day(start) + name(start, shard, contents));
  }

  /** A name beside {@link #file} that no other attempt has. */
  ResourceId temporary(long start, int shard, String contents) {
    return resource(day(start) + "." + name(start, shard, contents) + "." + UUID.randomUUID());
  }

  private static String day(long start) {
    return "date=" + DAY.format(Instant.ofEpochMilli(start)) + "/";
  }

  private String name(long start, int shard, String contents) {
    return "%s-%s-%d-of-%d-%s%s"
        .formatted(
            TIME.format(Instant.ofEpochMilli(start)),
            TIME.format(Instant.ofEpochMilli(endOf(start))),
            shard,
            shards,
            contents,
            suffix);
  }

  private ResourceId resource(String name) {
    return FileSystems.matchNewResource(folder + name, false);
  }
}
