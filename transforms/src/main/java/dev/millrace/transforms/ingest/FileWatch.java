package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/**
 * What is watched: of the files that match, a part by their names.
 *
 * @param every how often they are looked for
 * @param part from 0
 * @param parts how many readers share them
 */
record FileWatch(String pattern, Duration every, int part, int parts) implements Serializable {

  /**
   * A file as it was when it was looked at.
   *
   * @param version another one when it was changed
   * @param modified in milliseconds; 0 where the file system does not say
   */
  record Seen(String version, long modified) {}

  FileWatch part(int part, int parts) {
    return new FileWatch(pattern, every, part, parts);
  }

  /** Those of this part that there are now, the oldest first, and of one age in order of names. */
  Map<String, Seen> look() throws IOException {
    Map<String, Seen> byName = new TreeMap<>();
    for (Metadata file : MatchedFiles.of(pattern)) {
      String name = file.resourceId().toString();
      if (isShown(file) && Math.floorMod(name.hashCode(), parts) == part) {
        long modified = file.lastModifiedMillis();
        byName.put(name, new Seen(file.sizeBytes() + ":" + modified, modified));
      }
    }
    Map<String, Seen> inOrder = new LinkedHashMap<>();
    byName.entrySet().stream()
        .sorted((one, other) -> Long.compare(one.getValue().modified, other.getValue().modified))
        .forEach(file -> inOrder.put(file.getKey(), file.getValue()));
    return inOrder;
  }

  /** By such names files go while they are written, ours among them. */
  private static boolean isShown(Metadata file) {
    String name = String.valueOf(file.resourceId().getFilename());
    return !name.startsWith(".") && !name.startsWith("_");
  }
}
