package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/** The files of a path or a pattern with {@code *}, on any of Beam's file systems. */
public final class MatchedFiles {

  /** A path without any of the signs of a glob. */
  private static final Pattern PLAIN = Pattern.compile("[^*?\\[{\\\\]+");

  private MatchedFiles() {}

  /** Those that there are now, in the order of their names; none is no error. */
  public static List<Metadata> of(String pattern) throws IOException {
    // Beam looks for a local file that is not there through all folders beside it.
    boolean plain = !pattern.contains("://") && PLAIN.matcher(pattern).matches();
    if (plain && !Files.exists(Path.of(pattern))) {
      return List.of();
    }
    return FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata().stream()
        .filter(file -> !file.resourceId().isDirectory())
        .sorted(Comparator.comparing(file -> file.resourceId().toString()))
        .toList();
  }

  /** Its bytes, decompressed where its name says that they are compressed. */
  public static InputStream open(String file) throws IOException {
    ReadableByteChannel raw = FileSystems.open(FileSystems.matchNewResource(file, false));
    return Channels.newInputStream(Compression.detect(file).readDecompressed(raw));
  }
}
