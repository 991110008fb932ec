package dev.millrace.pipelines.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a feature table that is kept was made from, in a line of text beside it: {@code
 * FILE.csv.origin}. It keeps a table of other features, or of other events, from being taken for
 * this one. A table without is a backfill's of its own, and believed.
 *
 * @param events what they are, for people to read
 * @param featureVersion of the pipeline
 */
public record FeatureOrigin(String events, String featureVersion) {

  /** Notes beside a table that it was made from this. */
  public void note(Path table) {
    try {
      Files.writeString(file(table), this + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(file(table) + ": cannot be written", e);
    }
  }

  /**
   * Checks what stands beside a table.
   *
   * @throws FeatureTableException when it was made from something else
   */
  public void check(Path table) {
    Path file = file(table);
    if (!Files.exists(file)) {
      return;
    }
    try {
      String found = Files.readString(file).strip();
      if (!found.equals(toString())) {
        throw FeatureTableException.at(
            table,
            "a table of " + found,
            "one of " + this + ", or no file, to have it made; delete it or name another");
      }
    } catch (IOException e) {
      throw new FeatureTableException(file + ": cannot be read: " + e, e);
    }
  }

  @Override
  public String toString() {
    return events + ", features " + featureVersion;
  }

  private static Path file(Path table) {
    return table.resolveSibling(table.getFileName() + ".origin");
  }
}
