package dev.millrace.transforms.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a file are had.
 *
 * @param header that of every file, for CSV; else null
 * @param schema what records are resolved to, for Avro; else null
 */
record FileOpening(@Nullable String header, @Nullable Schema schema) implements Serializable {

  /** The records of a file from the first on. */
  RecordStream open(String file) throws IOException {
    InputStream in = MatchedFiles.open(file);
    try {
      if (schema != null) {
        return new AvroStream(in, schema);
      }
      LineStream lines = new LineStream(in);
      if (header != null) {
        checkHeader(file, lines.next());
      }
      return lines;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void checkHeader(String file, byte @Nullable [] line) throws IOException {
    String found = line == null ? "" : new String(line, StandardCharsets.UTF_8);
    if (!found.equals(header)) {
      throw new IOException(
          "%s, line 1: found header '%s', expected '%s', that of the first file"
              .formatted(file, found, header));
    }
  }

  /**
   * The next record, or null at the end.
   *
   * @throws IOException naming the file and the last good record
   */
  static byte @Nullable [] next(String file, RecordStream from) throws IOException {
    try {
      return from.next();
    } catch (IOException e) {
      throw new IOException(
          "%s, after record %d: %s".formatted(file, from.position(), e.getMessage()), e);
    }
  }
}
