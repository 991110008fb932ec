package dev.millrace.it.transport;

import dev.millrace.transforms.deadletter.DeadLetterAvro;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** A file of JSON lines, and Avro files of what came of it. */
final class FilesStand implements Stand {

  private final Path folder;

  FilesStand(Path folder) {
    this.folder = folder;
  }

  @Override
  public String from() {
    return "{ files: { path: \"%s\" } }".formatted(folder.resolve("payments.jsonl"));
  }

  @Override
  public String to() {
    return "{ files: { path: \"%s\" } }".formatted(decisions());
  }

  @Override
  public String deadLetters() {
    return "{ files: { path: \"%s\" } }".formatted(letters());
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public void send(List<Recording.Line> lines) throws IOException {
    Files.write(
        folder.resolve("payments.jsonl"), lines.stream().map(Recording.Line::text).toList());
  }

  @Override
  public void read(Outcome outcome) throws IOException {
    read(decisions(), outcome::decision);
    read(letters(), letter -> outcome.letter(DeadLetterAvro.fromRecord(letter)));
  }

  private static void read(Path file, Consumer<GenericRecord> reader) throws IOException {
    try (DataFileReader<GenericRecord> records =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      records.forEach(reader);
    }
  }

  private Path decisions() {
    return folder.resolve("decisions.avro");
  }

  private Path letters() {
    return folder.resolve("deadletters.avro");
  }

  @Override
  public void close() {}
}
