package dev.millrace.transforms.ingest;

import java.util.Locale;

/** How a file holds its records. */
public enum FileFormat {
  /** A header line, then a record a line. A quoted field may not contain a line break. */
  CSV,
  /** A record a line. */
  JSON_LINES,
  /** An Avro object container file. */
  AVRO;

  /**
   * The format that a file's name tells, its compression's ending left out.
   *
   * @throws IllegalArgumentException when it tells none
   */
  public static FileFormat ofName(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst|deflate)$", "");
    if (name.endsWith(".csv")) {
      return CSV;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      return JSON_LINES;
    }
    if (name.endsWith(".avro")) {
      return AVRO;
    }
    throw new IllegalArgumentException(
        "files '%s': found no format in the name, expected it to end in .csv, .jsonl, .ndjson, .json or .avro (and .gz behind it where compressed), or the format to be given"
            .formatted(path));
  }
}
