package dev.millrace.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.transport.Destination;
import dev.millrace.transforms.transport.OutgoingRecord;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters: to a topic, keyed by the dead letter's id, each value one Avro record behind
 * its frame; or to a file of Avro records. Nothing else writes them. One that is too large for its
 * topic is cut, and says so: {@link DeadLetter#isCut}.
 */
public final class WriteDeadLetters extends PTransform<PCollection<DeadLetter>, PDone> {

  /** Below the 1 MiB that a broker takes by default. */
  public static final int DEFAULT_MAX_BYTES = 1_000_000;

  /** Room for everything but the payload. */
  public static final int LEAST_MAX_BYTES = 16_384;

  private final @Nullable Destination destination;
  private final byte[] frame;
  private final int maxBytes;
  private final String file;
  private final String pipeline;
  private final String version;

  private WriteDeadLetters(
      @Nullable Destination destination,
      byte[] frame,
      int maxBytes,
      String file,
      String pipeline,
      String version) {
    this.destination = destination;
    this.frame = frame;
    this.maxBytes = maxBytes;
    this.file = file;
    this.pipeline = pipeline;
    this.version = version;
  }

  /** To a topic, framed as a single object of {@link DeadLetterAvro#SCHEMA}. */
  public static WriteDeadLetters to(Destination destination) {
    byte[] frame = AvroFrame.singleObject(DeadLetterAvro.SCHEMA);
    return new WriteDeadLetters(destination, frame, DEFAULT_MAX_BYTES, "", "", "");
  }

  /** To one Avro file. It is written even when there are none. */
  public static WriteDeadLetters toFile(String path) {
    return new WriteDeadLetters(null, new byte[0], DEFAULT_MAX_BYTES, path, "", "");
  }

  /** Frames each value with {@code frame} instead, see {@link AvroFrame#confluent}. */
  public WriteDeadLetters withFrame(byte[] frame) {
    return new WriteDeadLetters(destination, frame, maxBytes, file, pipeline, version);
  }

  /**
   * The largest record that the topic takes, as {@link Destination#sizeOf} counts. 1,000,000 bytes
   * by default.
   *
   * @throws IllegalArgumentException for less than {@link #LEAST_MAX_BYTES}
   */
  public WriteDeadLetters withMaxBytes(int bytes) {
    if (bytes < LEAST_MAX_BYTES) {
      throw new IllegalArgumentException(
          "found records of at most %,d bytes, expected %,d or more: a dead letter says more than its payload"
              .formatted(bytes, LEAST_MAX_BYTES));
    }
    return new WriteDeadLetters(destination, frame, bytes, file, pipeline, version);
  }

  /** Says in each dead letter which pipeline, and which version of it, wrote it. */
  public WriteDeadLetters withPipeline(String name, String version) {
    return new WriteDeadLetters(destination, frame, maxBytes, file, name, version);
  }

  @Override
  public PDone expand(PCollection<DeadLetter> letters) {
    PCollection<DeadLetter> named =
        letters
            .apply("Name pipeline", MapElements.via(new NamePipeline(pipeline, version)))
            .setCoder(DeadLetterCoder.of());
    if (destination == null) {
      return named
          .apply(
              "To records",
              MapElements.into(TypeDescriptor.of(GenericRecord.class))
                  .via((SerializableFunction<DeadLetter, GenericRecord>) DeadLetterAvro::toRecord))
          .setCoder(AvroCoder.of(DeadLetterAvro.SCHEMA))
          .apply(
              "To file",
              AvroIO.writeGenericRecords(DeadLetterAvro.SCHEMA).to(file).withoutSharding());
    }
    return named
        .apply("Encode", MapElements.via(new Encode(destination, frame, maxBytes)))
        .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()))
        .apply("To " + destination.transport(), destination.write());
  }

  private static final class NamePipeline extends SimpleFunction<DeadLetter, DeadLetter> {
    private final String name;
    private final String version;

    NamePipeline(String name, String version) {
      this.name = name;
      this.version = version;
    }

    @Override
    public DeadLetter apply(DeadLetter letter) {
      return letter.withPipeline(name, version);
    }
  }

  static final class Encode extends SimpleFunction<DeadLetter, KV<byte[], byte[]>> {
    private final Destination destination;
    private final byte[] frame;
    private final int maxBytes;

    Encode(Destination destination, byte[] frame, int maxBytes) {
      this.destination = destination;
      this.frame = frame;
      this.maxBytes = maxBytes;
    }

    @Override
    public KV<byte[], byte[]> apply(DeadLetter letter) {
      byte[] key = letter.id().getBytes(UTF_8);
      byte[] value = DeadLetterAvro.write(frame, letter);
      long excess = destination.sizeOf(OutgoingRecord.of(key, value)) - maxBytes;
      return KV.of(key, excess > 0 ? DeadLetterAvro.write(frame, letter.smallerBy(excess)) : value);
    }
  }
}
