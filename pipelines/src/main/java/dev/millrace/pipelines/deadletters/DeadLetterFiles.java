package dev.millrace.pipelines.deadletters;

import dev.millrace.pipelines.s3.S3Launch;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.ingest.MatchedFiles;
import dev.millrace.transforms.ingest.RecordStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * The dead letters of Avro files, by the names of the files, which sort by time.
 *
 * @param files where a pipeline writes them
 */
record DeadLetterFiles(SinkSpec.Files files) implements DeadLetters {

  @Override
  public void read(Consumer<DeadLetter> reader) throws IOException {
    PipelineOptions options = PipelineOptionsFactory.create();
    S3Launch.prepare(options, Map.of());
    FileSystems.setDefaultPipelineOptions(options);
    for (Metadata file : MatchedFiles.of(pattern())) {
      read(file.resourceId().toString(), reader);
    }
  }

  /** What is being written has another name. */
  private String pattern() {
    String path = files.path();
    return files.windows() == null
        ? path
        : path + (path.endsWith("/") ? "" : "/") + "date=*/*.avro";
  }

  private static void read(String file, Consumer<DeadLetter> reader) throws IOException {
    long read = 0;
    try (RecordStream records = MatchedFiles.avro(file, DeadLetterAvro.SCHEMA)) {
      for (byte[] each = records.next(); each != null; each = records.next()) {
        reader.accept(DeadLetterAvro.read(each, 0));
        read++;
      }
    } catch (IOException e) {
      throw new IOException(
          "%s: found what is no dead letter behind record %d (%s)"
              .formatted(file, read, e.getMessage()),
          e);
    }
  }
}
