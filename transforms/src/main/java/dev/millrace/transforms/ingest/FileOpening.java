package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
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
    FileBytes in = new FileBytes(file);
    try {
      if (schema != null) {
        return new AvroStream(in, schema);
      }
      LineStream lines = new LineStream(in);
      if (header != null) {
        checkHeader(lines.next());
      }
      return lines;
    } catch (DamagedException e) {
      in.close();
      return new BrokenStream(0, e);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void checkHeader(byte @Nullable [] line) throws DamagedException {
    String found = line == null ? "" : new String(line, UTF_8);
    if (header != null && !found.equals(header)) {
      throw DamagedException.from(
          0,
          line == null ? new byte[0] : line,
          "found a header of %s, expected '%s', that of the first file"
              .formatted(columns(found), header),
          null);
    }
  }

  /** Not what they are: without a header they would be the first record's values. */
  private String columns(String found) {
    List<String> columns = List.of(found.split(",", -1));
    List<String> missing =
        Stream.of(String.valueOf(header).split(",", -1))
            .filter(name -> !columns.contains(name))
            .toList();
    String which = missing.isEmpty() ? "in another order" : "without " + String.join(", ", missing);
    return "%d columns %s".formatted(columns.size(), which);
  }

  /**
   * The next record, or null at the end.
   *
   * @throws IOException as the stream throws it, naming the file and the last good record
   */
  static byte @Nullable [] next(String file, RecordStream from) throws IOException {
    String place = "%s, after record %d: ";
    try {
      return from.next();
    } catch (DamagedException e) {
      throw e.in(place.formatted(file, from.position() - 1));
    } catch (IOException e) {
      throw new IOException(place.formatted(file, from.position()) + e.getMessage(), e);
    }
  }
}
