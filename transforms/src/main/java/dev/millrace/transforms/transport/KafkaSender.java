package dev.millrace.transforms.transport;

import java.io.IOException;
import java.time.Duration;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a Kafka topic. It has a producer of its own: a bundle then waits for its own records and
 * not for those of another thread, which a producer shared by the JVM would flush with them.
 */
final class KafkaSender implements RecordSender {

  private final KafkaTopic topic;
  private final Producer<byte[], byte[]> producer;
  private final Failure failure = new Failure();

  KafkaSender(KafkaTopic topic, Producer<byte[], byte[]> producer) {
    this.topic = topic;
    this.producer = producer;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
  public void send(OutgoingRecord record) throws IOException {
    check();
    producer.send(new ProducerRecord<>(topic.topic(), record.key(), record.value()), failure);
  }

  @Override
  public void flush() throws IOException {
    producer.flush();
    check();
  }

  @Override
  public void check() throws IOException {
    failure.check(topic);
  }

  @Override
  public void close() {
    // Nothing waits any more but records of a bundle that failed, and these come again.
    producer.close(Duration.ZERO);
  }

  /** The first thing that went wrong; written by the producer's thread. */
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
