package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * A Kinesis stream, to read from and to write to. It is written to at least once: a record's value
 * is the data, its key the partition key, and records of one key stay in their order. Records are
 * not aggregated: any reader can read them. Beam's own {@code KinesisIO.write} is not used: it
 * aggregates, and tells nobody which record was refused.
 */
public final class KinesisStream implements Destination {

  /** What Kinesis takes as one record, its partition key included. */
  public static final int LARGEST_RECORD = 1 << 20;

  // It is within the source, which runners write into checkpoints.
  private static final long serialVersionUID = 1;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
  private static final int LONGEST_KEY = 256;

  private final String name;
  private final KinesisAccess access;

  /**
   * @throws IllegalArgumentException for a name that no stream can have
   */
  public KinesisStream(String name, KinesisAccess access) {
    this.name = checked(name);
    this.access = access;
  }

  /**
   * The name, when it is one.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "found stream '%s', expected a name of at most 128 letters, digits, '_', '.' and '-'"
              .formatted(name));
    }
    return name;
  }

  /**
   * Looks, at launch, whether the stream is there and can be used.
   *
   * @throws IllegalArgumentException when it is not, or may not be looked at
   */
  public void check() {
    StreamStatus status =
        access.ask(
            toString(),
            client ->
                client
                    .describeStreamSummary(request -> request.streamName(name))
                    .join()
                    .streamDescriptionSummary()
                    .streamStatus());
    if (status == StreamStatus.CREATING || status == StreamStatus.DELETING) {
      throw new IllegalArgumentException(
          "Kinesis %s in %s: found it %s, expected it ACTIVE"
              .formatted(this, access.region(), status));
    }
  }

  public String name() {
    return name;
  }

  public KinesisAccess access() {
    return access;
  }

  @Override
  public String transport() {
    return "Kinesis";
  }

  @Override
  public boolean isWrittenInBundles() {
    return true;
  }

  @Override
  public RecordSender sender() {
    return new KinesisSender(this, access.client());
  }

  @Override
  public long sizeOf(OutgoingRecord record) {
    return (long) partitionKey(record.key()).getBytes(UTF_8).length + record.value().length;
  }

  @Override
  public PTransform<PCollection<KV<byte[], byte[]>>, PDone> write() {
    return new WriteInBundles(this);
  }

  /** The key as text; what Kinesis would not take as one, by its SHA-256. */
  static String partitionKey(byte[] key) {
    String text = new String(key, UTF_8);
    if (!text.isEmpty() && text.length() <= LONGEST_KEY) {
      return text;
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "stream '%s'".formatted(name);
  }
}
