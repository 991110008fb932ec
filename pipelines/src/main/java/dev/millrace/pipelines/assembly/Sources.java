package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.StreamSpec;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.CsvFormat;
import dev.millrace.transforms.decode.Decode;
import dev.millrace.transforms.decode.Decoded;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.ingest.FileFormat;
import dev.millrace.transforms.ingest.ReadFiles;
import dev.millrace.transforms.ingest.ReadKafka;
import dev.millrace.transforms.ingest.ReadPubsub;
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

  /** Reads its records and decodes them by the contract. */
  Decoded decoded(PBegin begin, String readStep, String decodeStep) {
    if (stream.from() instanceof SourceSpec.Files files) {
      return files.watch() == null
          ? read(begin, readStep, files(files)).apply(decodeStep, decode().apart())
          : read(begin, readStep, files(files).watched(files.watch()))
              .apply(decodeStep, decode().asPolled());
    }
    if (stream.from() instanceof SourceSpec.Pubsub pubsub) {
      return read(begin, readStep, pubsub(pubsub)).apply(decodeStep, decode().apart());
    }
    if (stream.from() instanceof SourceSpec.Kinesis kinesis) {
      return read(begin, readStep, Kinesis.read(kinesis).asPolled())
          .apply(decodeStep, decode().asPolled());
    }
    ReadKafka topic = kafka(stream.from().asKafka().orElseThrow());
    return read(begin, readStep, topic.asPolled()).apply(decodeStep, decode().asPolled());
  }

  private <T> PCollection<T> read(
      PBegin begin, String step, PTransform<PBegin, PCollection<T>> reader) {
    try {
      return begin.apply(step, reader);
    } catch (IllegalArgumentException e) {
      String where = path + ".from." + stream.from().word();
      boolean files = stream.from() instanceof SourceSpec.Files;
      throw new SpecException(
          spec.place(files ? where + ".path" : where), String.valueOf(e.getMessage()));
    }
  }

  private Decode decode() {
    try {
      return Decode.by(format()).forPipeline(spec.pipeline());
    } catch (IllegalArgumentException e) {
      throw new SpecException(spec.place(path + ".format"), String.valueOf(e.getMessage()));
    }
  }

  private static ReadKafka kafka(SourceSpec.Kafka kafka) {
    ReadKafka read =
        ReadKafka.from(kafka.bootstrapServers(), kafka.topic()).withSettings(kafka.settings());
    return kafka.groupId() == null ? read : read.withGroupId(kafka.groupId());
  }

  private ReadPubsub pubsub(SourceSpec.Pubsub pubsub) {
    ReadPubsub read = ReadPubsub.from(pubsub.subscription(spec.pipeline(), path));
    read = pubsub.topic() == null ? read : read.withTopic(pubsub.topic());
    read = pubsub.idAttribute() == null ? read : read.withIdAttribute(pubsub.idAttribute());
    return pubsub.timestampAttribute() == null
        ? read
        : read.withTimestampAttribute(pubsub.timestampAttribute());
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
    if (stream.format() instanceof FormatSpec.Csv) {
      return CsvFormat.of(contract, header());
    }
    RecordFormat format = framed((FormatSpec.Framed) stream.format());
    format.check();
    return format;
  }

  /** Records of files stand without a frame; those of Avro are resolved by the reader. */
  private RecordFormat framed(FormatSpec.Framed format) {
    if (!(stream.from() instanceof SourceSpec.Files)) {
      return Formats.of(format, contract);
    }
    if (format instanceof FormatSpec.Protobuf) {
      throw new IllegalArgumentException(
          "found protobuf in files, expected avro, json or csv: messages in a file have no ends");
    }
    return Formats.unframed(format, contract);
  }

  private String header() {
    if (stream.from() instanceof SourceSpec.Files files) {
      return files(files).header();
    }
    throw new IllegalArgumentException(
        "found csv records of a stream, expected csv in files: a header names the columns");
  }
}
