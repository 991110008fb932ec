package dev.millrace.pipelines.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** The dead letters that a bounded run left in a file. */
final class DeadLetterFile {

  private DeadLetterFile() {}

  /** How many there are; a file of none is deleted. */
  static long count(Path file) {
    long count = 0;
    try {
      try (DataFileReader<GenericRecord> letters =
          new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
        while (letters.hasNext()) {
          letters.next();
          count++;
        }
      }
      if (count == 0) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: found no readable Avro file, expected the run's dead letters".formatted(file), e);
    }
    return count;
  }
}
