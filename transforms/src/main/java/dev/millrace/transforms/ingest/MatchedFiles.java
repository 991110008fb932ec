package dev.millrace.transforms.ingest;

import dev.millrace.transforms.transport.LaunchQuestion;
import dev.millrace.transforms.transport.S3Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.jspecify.annotations.Nullable;

/** The files of a path or a pattern with {@code *}, on any of Beam's file systems. */
public final class MatchedFiles {

  /** A path without any of the signs of a glob. */
  private static final Pattern PLAIN = Pattern.compile("[^*?\\[{\\\\]+");

  private static final String S3 = "s3://";

  /** How often a list is asked for whose objects go meanwhile. */
  private static final int LOOKS = 3;

  private MatchedFiles() {}

  /** Those that there are now, in the order of their names; none is no error. */
  public static List<Metadata> of(String pattern) throws IOException {
    // Beam looks for a local file that is not there through all folders beside it.
    boolean plain = !pattern.contains("://") && PLAIN.matcher(pattern).matches();
    if (plain && !Files.exists(Path.of(pattern))) {
      return List.of();
    }
    return match(pattern).stream()
        .filter(file -> !file.resourceId().isDirectory())
        .sorted(Comparator.comparing(file -> file.resourceId().toString()))
        .toList();
  }

  private static List<Metadata> match(String pattern) throws IOException {
    boolean listed = pattern.startsWith(S3) && !PLAIN.matcher(pattern).matches();
    for (int left = LOOKS; left > 0; left--) {
      MatchResult found = FileSystems.match(pattern);
      if (found.status() != MatchResult.Status.NOT_FOUND) {
        return found.metadata();
      }
      if (!listed) {
        return List.of();
      }
    }
    // Of S3 each object is looked at when it was listed: when one is gone then, so is the list.
    throw new IOException("found that objects go while they are looked at");
  }

  /**
   * The same at launch, where it is asked once, and for 20 s at most.
   *
   * @throws IllegalArgumentException naming the pattern, when it cannot be looked up
   */
  public static List<Metadata> atLaunch(String pattern) {
    try {
      return LaunchQuestion.ask("files " + pattern, () -> foundOrRefused(pattern));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw refused(pattern, cause == null ? e.toString() : cause.getMessage(), e);
    } catch (TimeoutException e) {
      throw refused(pattern, "no answer in %d s".formatted(LaunchQuestion.PATIENCE.toSeconds()), e);
    }
  }

  /** S3 says of a single object in a bucket that is not there no more than that it is not there. */
  private static List<Metadata> foundOrRefused(String pattern) throws IOException {
    List<Metadata> found = of(pattern);
    if (found.isEmpty() && pattern.startsWith(S3) && PLAIN.matcher(pattern).matches()) {
      List<Metadata> unused = of(pattern + "*");
    }
    return found;
  }

  private static IllegalArgumentException refused(
      String pattern, @Nullable String found, Exception cause) {
    return new IllegalArgumentException(
        "files '%s': %s"
            .formatted(
                pattern,
                S3Failure.of(pattern, cause).orElse("cannot be looked up: %s".formatted(found))),
        cause);
  }

  /**
   * The records of an Avro file, resolved to a schema, each as plain binary of it. What can never
   * be read, as where the file was cut off, is an exception in its place.
   */
  public static RecordStream avro(String file, Schema schema) throws IOException {
    return new FileOpening(null, schema).open(file);
  }

  /** Its bytes, decompressed where its name says that they are compressed. */
  public static InputStream open(String file) throws IOException {
    ReadableByteChannel raw = WholeFile.open(file);
    return Channels.newInputStream(Compression.detect(file).readDecompressed(raw));
  }
}
