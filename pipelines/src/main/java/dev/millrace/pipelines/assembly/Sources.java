package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.StreamSpec;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.CsvFormat;
import dev.millrace.transforms.decode.Decode;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.ingest.FileFormat;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.ingest.ReadFiles;
import dev.millrace.transforms.ingest.ReadKafka;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * One of a pipeline's streams: how it is read and decoded. What is connected to is looked at here,
 * so that a broker that is away, or a topic or file that is missing, is an error at launch.
 */
final class Sources {

  private final PipelineSpec spec;
  private final String path;
  private final StreamSpec stream;
  private final Contract contract;

  /**
   * @param path {@code events} or {@code labels}, for the places of errors
   */
  Sources(PipelineSpec spec, String path, StreamSpec stream, Contract contract) {
    this.spec = spec;
    this.path = path;
    this.stream = stream;
    this.contract = contract;
  }

  /** Reads the raw records. */
  PCollection<RawRecord> read(PBegin begin, String step) {
    try {
      return begin.apply(step, reader());
    } catch (IllegalArgumentException e) {
      String where = stream.from() instanceof SourceSpec.Files ? ".from.files.path" : ".from.kafka";
      throw new SpecException(spec.place(path + where), String.valueOf(e.getMessage()));
    }
  }

  private PTransform<PBegin, PCollection<RawRecord>> reader() {
    if (stream.from() instanceof SourceSpec.Kafka kafka) {
      return kafka(kafka);
    }
    return files((SourceSpec.Files) stream.from());
  }

  /** Decodes them by the contract. */
  Decode decode() {
    try {
      return Decode.by(format());
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(path + ".format"), String.valueOf(e.getMessage()));
    }
  }

  private static ReadKafka kafka(SourceSpec.Kafka kafka) {
    ReadKafka read =
        ReadKafka.from(kafka.bootstrapServers(), kafka.topic()).withSettings(kafka.settings());
    return kafka.groupId() == null ? read : read.withGroupId(kafka.groupId());
  }

  private ReadFiles files(SourceSpec.Files files) {
    ReadFiles read = ReadFiles.from(files.path());
    if (stream.format() instanceof FormatSpec.Csv) {
      return read.withFormat(FileFormat.CSV);
    }
    if (stream.format() instanceof FormatSpec.Json) {
      return read.withFormat(FileFormat.JSON_LINES);
    }
    return read.withFormat(FileFormat.AVRO).withSchema(contract.schema());
  }

  private RecordFormat format() {
    if (stream.format() instanceof FormatSpec.Avro avro) {
      return avro(avro);
    }
    return stream.format() instanceof FormatSpec.Csv
        ? CsvFormat.of(contract, header())
        : JsonFormat.of(contract);
  }

  private String header() {
    if (stream.from() instanceof SourceSpec.Files files) {
      return files(files).header();
    }
    throw new IllegalArgumentException(
        "found csv records of a stream, expected csv in files: a header names the columns");
  }

  private AvroFormat avro(FormatSpec.Avro avro) {
    AvroFormat format = AvroFormat.of(contract);
    // Records of Avro files are resolved to the contract by the reader, and stand without a frame.
    if (stream.from() instanceof SourceSpec.Files
        || avro.framing() == FormatSpec.Framing.NONE
        || avro.registry() == null) {
      return format;
    }
    AvroFormat framed = format.framedBy(Schemas.of(avro.registry()));
    framed.check();
    return framed;
  }
}
