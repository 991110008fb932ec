package dev.millrace.transforms.lookup;

import dev.millrace.transforms.ingest.MatchedFiles;
import java.io.IOException;
import java.time.Duration;

/**
 * A file, or all files of a pattern, on any of Beam's file systems: CSV below a header, JSON lines,
 * or Avro containers, as the name's ending says ({@code .gz} behind it where compressed). A field
 * of its records is the key; an integer is its decimal digits.
 *
 * <p>It is looked at again and again; a version that differs in size or time is loaded beside the
 * old one, and takes its place whole. One that cannot be read to its end, is empty, has a key
 * twice, or a record that is not as declared, is refused: the old one serves on. A new version
 * should come by a rename, for one that is cut short between two records cannot be told from a
 * whole one.
 *
 * @param key the field that is the key
 * @param refresh how long between two looks
 * @param maxBytes what the table may take of a worker's memory, about
 */
public record ReferenceFile(String path, String key, Duration refresh, long maxBytes)
    implements ReferenceSource {

  /** How long between two looks, unless something else is said. */
  public static final Duration DEFAULT_REFRESH = Duration.ofSeconds(30);

  public static ReferenceFile of(String path, String key) {
    return new ReferenceFile(path, key, DEFAULT_REFRESH, TableRecords.DEFAULT_MOST);
  }

  @Override
  public String name() {
    return "files " + path;
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  /** Reads it all, as each worker will. */
  @Override
  public void check(LookupColumns columns) {
    var unusedFiles = MatchedFiles.atLaunch(path);
    try {
      var unusedRecords = new FileFeed(this, columns).load(FileFeed.UNWATCHED);
    } catch (IOException | TableTooLargeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public Reference open(LookupColumns columns, AskingRules rules) {
    return TableReference.start(new FileFeed(this, columns));
  }
}
