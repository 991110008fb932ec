package dev.millrace.transforms.ingest;

import com.google.api.client.util.DateTime;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.PubsubClientFactory;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubJsonClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.jspecify.annotations.Nullable;

/**
 * Makes clients that take a message's timestamp from an attribute, where it has one that is a time,
 * and else the time at which it was published. Beam's own throws for another, each time that the
 * message is pulled: one bad message, and a subscription is read no more.
 */
final class TimestampAttribute implements PubsubClientFactory {

  private static final PubsubClientFactory DELEGATE = PubsubJsonClient.FACTORY;

  @Override
  public PubsubClient newClient(
      @Nullable String timestampAttribute,
      @Nullable String idAttribute,
      PubsubOptions options,
      @Nullable String rootUrl)
      throws IOException {
    PubsubClient client = DELEGATE.newClient(null, idAttribute, options, rootUrl);
    return timestampAttribute == null ? client : new Client(client, timestampAttribute);
  }

  @Override
  public PubsubClient newClient(
      @Nullable String timestampAttribute, @Nullable String idAttribute, PubsubOptions options)
      throws IOException {
    return newClient(timestampAttribute, idAttribute, options, null);
  }

  @Override
  public String getKind() {
    return DELEGATE.getKind();
  }

  /** Milliseconds since the epoch, or a time as RFC 3339 has it; otherwise the other. */
  static long millis(@Nullable String attribute, long otherwise) {
    if (attribute == null) {
      return otherwise;
    }
    try {
      return attribute.chars().allMatch(Character::isDigit)
          ? Long.parseLong(attribute)
          : DateTime.parseRfc3339(attribute).getValue();
    } catch (IllegalArgumentException e) {
      return otherwise;
    }
  }

  /** What a reader of a subscription asks for. */
  private static final class Client extends PubsubReadClient {

    private final String attribute;

    Client(PubsubClient delegate, String attribute) {
      super(delegate);
      this.attribute = attribute;
    }

    @Override
    public List<IncomingMessage> pull(
        long requestTime, SubscriptionPath subscription, int batchSize, boolean returnImmediately)
        throws IOException {
      return super.pull(requestTime, subscription, batchSize, returnImmediately).stream()
          .map(this::timestamped)
          .toList();
    }

    private IncomingMessage timestamped(IncomingMessage message) {
      return IncomingMessage.of(
          message.message(),
          millis(
              message.message().getAttributesMap().get(attribute), message.timestampMsSinceEpoch()),
          message.requestTimeMsSinceEpoch(),
          message.ackId(),
          message.recordId());
    }
  }
}
