package dev.millrace.pipelines.assembly;

import dev.millrace.pipelines.spec.FormatSpec;
import dev.millrace.pipelines.spec.PayloadSpec;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.spec.StreamSpec;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.decode.AvroFormat;
import dev.millrace.transforms.decode.CsvFormat;
import dev.millrace.transforms.decode.Decode;
import dev.millrace.transforms.decode.Decoded;
import dev.millrace.transforms.decode.Framing;
import dev.millrace.transforms.decode.JsonFormat;
import dev.millrace.transforms.decode.Limits;
import dev.millrace.transforms.decode.ProtobufFormat;
import dev.millrace.transforms.decode.RecordFormat;
import dev.millrace.transforms.decode.UnknownFields;
import dev.millrace.transforms.ingest.FileFormat;
import dev.millrace.transforms.ingest.ReadFiles;
import dev.millrace.transforms.ingest.ReadKafka;
import dev.millrace.transforms.ingest.ReadPubsub;
import dev.millrace.transforms.registry.SchemaSource;
import java.util.Objects;
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

  private RecordFormat framed(FormatSpec.Framed format) {
    if (format instanceof FormatSpec.Protobuf protobuf) {
      return protobuf(protobuf);
    }
    return format instanceof FormatSpec.Json json ? json(json) : avro((FormatSpec.Avro) format);
  }

  private String header() {
    if (stream.from() instanceof SourceSpec.Files files) {
      return files(files).header();
    }
    throw new IllegalArgumentException(
        "found csv records of a stream, expected csv in files: a header names the columns");
  }

  private JsonFormat json(FormatSpec.Json json) {
    JsonFormat format =
        JsonFormat.of(contract)
            .withUnknownFields(UnknownFields.valueOf(json.unknownFields().name()))
            .withLimits(limits(json));
    return isFramed(json) ? format.framedBy(framing(json), schemas(json)) : format;
  }

  private ProtobufFormat protobuf(FormatSpec.Protobuf protobuf) {
    if (stream.from() instanceof SourceSpec.Files) {
      throw new IllegalArgumentException(
          "found protobuf in files, expected avro, json or csv: messages in a file have no ends");
    }
    ProtobufFormat format = ProtobufFormat.of(contract).withLimits(limits(protobuf));
    return isFramed(protobuf) ? format.framedBy(framing(protobuf), schemas(protobuf)) : format;
  }

  private AvroFormat avro(FormatSpec.Avro avro) {
    AvroFormat format = AvroFormat.of(contract).withLimits(limits(avro));
    if (!isFramed(avro)) {
      return format;
    }
    // Only a single object can be known without a registry: by the contract's own fingerprint.
    return avro.registry() == null
        ? format.asSingleObjects()
        : format.framedBy(framing(avro), schemas(avro));
  }

  /** Records of files stand without a frame; those of Avro are resolved by the reader. */
  private boolean isFramed(FormatSpec.Framed format) {
    return !(stream.from() instanceof SourceSpec.Files)
        && format.framing() != FormatSpec.Framing.NONE;
  }

  private static Framing framing(FormatSpec.Framed format) {
    return Framing.valueOf(format.framing().name());
  }

  private static SchemaSource schemas(FormatSpec.Framed format) {
    return Schemas.of(Objects.requireNonNull(format.registry()), format.framing());
  }

  private static Limits limits(FormatSpec.Framed format) {
    PayloadSpec.Limits given = format.payloads().limits();
    Limits limits = Limits.DEFAULT;
    limits = given.bytes() == null ? limits : limits.withBytes(given.bytes());
    limits = given.depth() == null ? limits : limits.withDepth(given.depth());
    return given.items() == null ? limits : limits.withItems(given.items());
  }
}
