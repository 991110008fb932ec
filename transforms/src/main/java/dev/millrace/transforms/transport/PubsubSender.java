package dev.millrace.transforms.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.OutgoingMessage;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a Pub/Sub topic. A thread of its own publishes what waits, as much as one request takes:
 * a record that comes alone leaves at once, and while a request is under way the next gathers.
 */
final class PubsubSender implements RecordSender {

  /** Pub/Sub takes so many in one request. */
  private static final int MOST_MESSAGES = 1_000;

  /** It takes 10 MB, of which as text a message's bytes are four thirds. */
  private static final long MOST_BYTES = 5_000_000;

  /** Whoever sends more waits: memory is not the place to keep them. */
  private static final int MOST_WAITING = 10 * MOST_MESSAGES;

  private final PubsubTopic topic;
  private final PubsubClient client;
  private final Deque<OutgoingMessage> waiting = new ArrayDeque<>();
  private final Thread publisher;
  private int underWay;
  private boolean closed;
  private @Nullable Exception failure;

  PubsubSender(PubsubTopic topic, PubsubClient client) {
    this.topic = topic;
    this.client = client;
    this.publisher = new Thread(this::publish, "publish to " + topic);
    publisher.setDaemon(true);
    publisher.start();
  }

  @Override
  public synchronized void send(OutgoingRecord record) throws IOException {
    check();
    await(() -> waiting.size() < MOST_WAITING);
    waiting.add(OutgoingMessage.of(PubsubTopic.message(record), 0, null, null));
    notifyAll();
  }

  @Override
  public synchronized void flush() throws IOException {
    await(() -> waiting.isEmpty() && underWay == 0);
  }

  @Override
  public synchronized void check() throws IOException {
    Exception found = failure;
    if (found != null) {
      throw new IOException(
          PubsubFailure.of(topic.toString(), topic.access().rootUrl(), found)
              + "; the bundle is tried again",
          found);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    publisher.interrupt();
  }

  /** Until it is so, or publishing has failed. */
  private synchronized void await(BooleanSupplier condition) throws IOException {
    try {
      while (!condition.getAsBoolean() && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while Pub/Sub was written to");
    }
    check();
  }

  private void publish() {
    try (client) {
      for (List<OutgoingMessage> batch = next(); !batch.isEmpty(); batch = next()) {
        int taken = client.publish(topic.topicPath(), batch);
        if (taken != batch.size()) {
          throw new IOException(
              "found %d messages taken, expected %d".formatted(taken, batch.size()));
        }
        done();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  /** What is to be published together; empty when the sender was closed. */
  private synchronized List<OutgoingMessage> next() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    List<OutgoingMessage> batch = new ArrayList<>();
    long bytes = 0;
    while (!closed && !waiting.isEmpty() && batch.size() < MOST_MESSAGES) {
      bytes += waiting.element().getMessage().getSerializedSize();
      if (bytes > MOST_BYTES && !batch.isEmpty()) {
        break;
      }
      batch.add(waiting.remove());
    }
    underWay = batch.size();
    return batch;
  }

  private synchronized void done() {
    underWay = 0;
    notifyAll();
  }

  private synchronized void failed(Exception cause) {
    failure = cause;
    notifyAll();
  }
}
