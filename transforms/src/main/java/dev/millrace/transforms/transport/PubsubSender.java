package dev.millrace.transforms.transport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.OutgoingMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends to a Pub/Sub topic. */
final class PubsubSender extends GatheringSender<OutgoingMessage> {

  private static final Logger LOG = LoggerFactory.getLogger(PubsubSender.class);

  /** Pub/Sub takes so many in one request. */
  private static final int MOST_MESSAGES = 1_000;

  /** It takes 10 MB, of which as text a message's bytes are four thirds. */
  private static final long MOST_BYTES = 5_000_000;

  private final PubsubTopic topic;
  private final PubsubClient client;

  PubsubSender(PubsubTopic topic, PubsubClient client) {
    super(10 * MOST_MESSAGES);
    this.topic = topic;
    this.client = client;
    start("publish to " + topic);
  }

  @Override
  OutgoingMessage outgoing(OutgoingRecord record) {
    return OutgoingMessage.of(PubsubTopic.message(record), 0, null, null);
  }

  @Override
  List<OutgoingMessage> take(Deque<OutgoingMessage> from) {
    List<OutgoingMessage> batch = new ArrayList<>();
    long bytes = 0;
    while (!from.isEmpty() && batch.size() < MOST_MESSAGES) {
      bytes += from.element().getMessage().getSerializedSize();
      if (bytes > MOST_BYTES && !batch.isEmpty()) {
        break;
      }
      batch.add(from.remove());
    }
    return batch;
  }

  @Override
  void put(List<OutgoingMessage> batch) throws IOException {
    int taken = client.publish(topic.topicPath(), batch);
    if (taken != batch.size()) {
      throw new IOException("found %d messages taken, expected %d".formatted(taken, batch.size()));
    }
  }

  @Override
  String told(Exception cause) {
    return PubsubFailure.of(topic.toString(), topic.access().rootUrl(), cause);
  }

  @Override
  void closeClient() {
    try {
      client.close();
    } catch (IOException e) {
      LOG.warn("client of {} not closed", topic, e);
    }
  }
}
