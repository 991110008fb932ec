package dev.millrace.transforms.transport;

import java.io.IOException;
import java.time.Duration;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to a topic at least once, for a function that calls it in its bundles: nothing is
 * waited for until {@link #flush}, which waits for the broker to have them all. It has a producer
 * of its own: a bundle then waits for its own records and not for those of another thread, which a
 * producer shared by the JVM would flush with them. Not thread-safe.
 */
public final class RecordSender implements AutoCloseable {

  private final KafkaTopic topic;
  private final Producer<byte[], byte[]> producer;
  private Failure failure = new Failure();

  RecordSender(KafkaTopic topic, Producer<byte[], byte[]> producer) {
    this.topic = topic;
    this.producer = producer;
  }

  /** Begins a bundle. */
  public void start() {
    // Another than the last: what a failed bundle left under way is not this one's trouble.
    failure = new Failure();
  }

  /**
   * Sends a record without waiting.
   *
   * @throws IOException when one of the bundle was not taken
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
  public void send(byte[] key, byte[] value) throws IOException {
    failure.check(topic);
    producer.send(new ProducerRecord<>(topic.topic(), key, value), failure);
  }

  /**
   * Ends a bundle.
   *
   * @throws IOException when one of its records was not taken
   */
  public void flush() throws IOException {
    producer.flush();
    failure.check(topic);
  }

  @Override
  public void close() {
    // Nothing waits any more but records of a bundle that failed, and these come again.
    producer.close(Duration.ZERO);
  }

  /** The first thing that went wrong in a bundle; written by the producer's thread. */
  private static final class Failure implements Callback {

    private volatile @Nullable Exception first;

    @Override
    public void onCompletion(@Nullable RecordMetadata written, @Nullable Exception exception) {
      if (exception != null && first == null) {
        first = exception;
      }
    }

    void check(KafkaTopic topic) throws IOException {
      Exception found = first;
      if (found != null) {
        throw RefusedRecord.by(topic, found);
      }
    }
  }
}
