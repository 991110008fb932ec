package dev.millrace.pipelines.deadletters;

import dev.millrace.pipelines.s3.S3Launch;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.ingest.MatchedFiles;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
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
    GenericDatumReader<GenericRecord> records =
        new GenericDatumReader<>(null, DeadLetterAvro.SCHEMA);
    long number = 0;
    try (DataFileStream<GenericRecord> stream =
        new DataFileStream<>(MatchedFiles.open(file), records)) {
      while (stream.hasNext()) {
        number++;
        reader.accept(DeadLetterAvro.fromRecord(stream.next()));
      }
    } catch (IOException | AvroRuntimeException e) {
      throw new IOException(
          "%s: found what is no dead letter behind record %d (%s)"
              .formatted(file, number, e.getMessage()),
          e);
    }
  }
}
