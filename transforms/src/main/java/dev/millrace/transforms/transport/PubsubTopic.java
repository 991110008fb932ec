package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PubsubMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * A Pub/Sub topic to write to, at least once: a record's value is the message's data, its id the
 * attribute {@code id}, by which a reader drops repeats (as Beam's and Dataflow's do with {@code
 * withIdAttribute("id")}), and its key, where it is another, the ordering key. Beam's own {@code
 * PubsubIO.write} is not used: outside Dataflow it holds messages back for up to two seconds, and
 * what it writes as an id is drawn anew at each attempt.
 */
public final class PubsubTopic implements Destination {

  /** The attribute that has a record's id. */
  public static final String ID_ATTRIBUTE = "id";

  /** What Pub/Sub takes as one message. */
  public static final int LARGEST_MESSAGE = 10_000_000;

  private static final Pattern PATH = Pattern.compile("projects/[^/]+/topics/([^/]+)");

  /** Of a message: the name of its attribute, and the numbers that protocol buffers put before. */
  private static final int OVERHEAD = 32;

  private final String path;
  private final PubsubAccess access;

  /**
   * @param path {@code projects/PROJECT/topics/TOPIC}
   * @throws IllegalArgumentException for another
   */
  public PubsubTopic(String path, PubsubAccess access) {
    this.path = path;
    this.access = access;
    name(path);
  }

  /**
   * The last part of a topic's path.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static String name(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "found topic '%s', expected projects/PROJECT/topics/TOPIC".formatted(path));
    }
    return matcher.group(1);
  }

  /**
   * Looks, at launch, whether the topic is there.
   *
   * @throws IllegalArgumentException when it is not, or may not be looked at
   */
  public void check() {
    boolean there = access.ask(toString(), client -> client.isTopicExists(topicPath()));
    if (!there) {
      throw new IllegalArgumentException(
          "Pub/Sub %s: found none, expected it to exist: gcloud pubsub topics create %s"
              .formatted(this, path));
    }
  }

  PubsubClient.TopicPath topicPath() {
    return PubsubClient.topicPathFromPath(path);
  }

  PubsubAccess access() {
    return access;
  }

  @Override
  public String transport() {
    return "Pubsub";
  }

  @Override
  public boolean isWrittenInBundles() {
    return true;
  }

  @Override
  public RecordSender sender() {
    try {
      return new PubsubSender(this, access.client());
    } catch (IOException e) {
      throw new UncheckedIOException(PubsubFailure.of(toString(), access.rootUrl(), e), e);
    }
  }

  @Override
  public long sizeOf(OutgoingRecord record) {
    int ordering = record.isOrdered() ? record.key().length : 0;
    return (long) OVERHEAD + record.id().length + ordering + record.value().length;
  }

  @Override
  public PTransform<PCollection<KV<byte[], byte[]>>, PDone> write() {
    return new WriteInBundles(this);
  }

  /** The message that a record is. */
  static PubsubMessage message(OutgoingRecord record) {
    PubsubMessage.Builder message =
        PubsubMessage.newBuilder()
            .setData(ByteString.copyFrom(record.value()))
            .putAttributes(ID_ATTRIBUTE, new String(record.id(), UTF_8));
    if (record.isOrdered()) {
      message.setOrderingKey(new String(record.key(), UTF_8));
    }
    return message.build();
  }

  @Override
  public String toString() {
    return "topic '%s'".formatted(path);
  }
}
