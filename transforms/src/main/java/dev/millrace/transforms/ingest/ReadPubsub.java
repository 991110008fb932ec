package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.auto.value.AutoValue;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.transport.PubsubAccess;
import dev.millrace.transforms.transport.PubsubSubscription;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Emits every message of a Pub/Sub subscription as it stands there, without end: its data, its
 * ordering key as key, its attributes, and {@code pubsub:subscription/0@message-id.0} as its
 * origin. A message is acknowledged when the runner has made durable what came of it; until then it
 * is Pub/Sub's to deliver again.
 *
 * <p>The timestamp of an element is when the message was published, or what an attribute says. The
 * runner drops a message that comes again within ten minutes, by its id; what comes again later is
 * dropped where the event's own id is known, by history.
 *
 * <p>The order of messages with one ordering key is Pub/Sub's; runners that deal messages out to
 * several tasks by their ids, as Flink does, do not keep it.
 *
 * <p>The subscription is looked up while the pipeline is assembled: one that does not exist or may
 * not be looked at is an {@link IllegalArgumentException} then. So is one of another topic than
 * {@link #withTopic} says.
 *
 * <pre>{@code
 * pipeline.apply("Read", ReadPubsub.from("projects/bank/subscriptions/payments"));
 * }</pre>
 */
@AutoValue
public abstract class ReadPubsub extends PTransform<PBegin, PCollection<RawRecord>> {

  abstract String subscription();

  abstract @Nullable String topic();

  abstract @Nullable String idAttribute();

  abstract @Nullable String timestampAttribute();

  /** Reads {@code projects/PROJECT/subscriptions/SUBSCRIPTION}. */
  public static ReadPubsub from(String subscription) {
    return new AutoValue_ReadPubsub(subscription, null, null, null);
  }

  /**
   * Makes the subscription of {@code projects/PROJECT/topics/TOPIC}, while the pipeline is
   * assembled, unless it is there. It stays when the pipeline is gone, so that the next launch goes
   * on where this one ended.
   */
  public ReadPubsub withTopic(String topic) {
    return new AutoValue_ReadPubsub(subscription(), topic, idAttribute(), timestampAttribute());
  }

  /**
   * An attribute that names a message, the same in all that are published of one event: by it the
   * runner drops repeats. By default Pub/Sub's own id, which a second publication has not in
   * common.
   */
  public ReadPubsub withIdAttribute(String name) {
    return new AutoValue_ReadPubsub(subscription(), topic(), name, timestampAttribute());
  }

  /**
   * An attribute with the timestamp, in milliseconds since the epoch or as RFC 3339 has it. A
   * message that has none there has the time of its publication.
   */
  public ReadPubsub withTimestampAttribute(String name) {
    return new AutoValue_ReadPubsub(subscription(), topic(), idAttribute(), name);
  }

  @Override
  public PCollection<RawRecord> expand(PBegin begin) {
    PubsubSubscription subscription =
        new PubsubSubscription(subscription(), PubsubAccess.of(begin.getPipeline().getOptions()));
    String topic = topic();
    if (topic == null) {
      subscription.check();
    } else {
      subscription.make(topic);
    }
    PubsubIO.Read<PubsubMessage> read =
        PubsubIO.readMessagesWithAttributesAndMessageIdAndOrderingKey()
            .fromSubscription(subscription())
            .withClientFactory(new TimestampAttribute());
    String id = idAttribute();
    read = id == null ? read : read.withIdAttribute(id);
    String timestamp = timestampAttribute();
    read = timestamp == null ? read : read.withTimestampAttribute(timestamp);
    return begin
        .apply("From Pubsub", read)
        .apply("To raw records", ParDo.of(new ToRawRecord(subscription())))
        .setCoder(RawRecordCoder.of());
  }

  static final class ToRawRecord extends DoFn<PubsubMessage, RawRecord> {

    private final String subscription;

    ToRawRecord(String subscription) {
      this.subscription = subscription;
    }

    @ProcessElement
    public void process(
        @Element PubsubMessage message,
        @Timestamp Instant timestamp,
        OutputReceiver<RawRecord> out) {
      out.output(record(message, timestamp.getMillis()));
    }

    RawRecord record(PubsubMessage message, long timestamp) {
      String id = message.getMessageId();
      Origin origin = new Origin("pubsub", subscription, 0, 0, id == null ? "" : id);
      Map<String, byte[]> attributes = new HashMap<>();
      Map<String, String> given = message.getAttributeMap();
      if (given != null) {
        given.forEach((name, value) -> attributes.put(name, value.getBytes(UTF_8)));
      }
      String key = message.getOrderingKey();
      return new RawRecord(
          origin,
          timestamp,
          key == null || key.isEmpty() ? null : key.getBytes(UTF_8),
          message.getPayload(),
          attributes);
    }
  }
}
