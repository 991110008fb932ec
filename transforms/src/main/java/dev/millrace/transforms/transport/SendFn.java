package dev.millrace.transforms.transport;

import java.io.IOException;
import java.time.Duration;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends each element without waiting; the end of the bundle waits for the broker to have them all.
 * One producer lives as long as the function's instance: a bundle then waits for its own records
 * and not for those of another thread, which a producer shared by the JVM would flush with them.
 */
final class SendFn extends DoFn<KV<byte[], byte[]>, Void> {

  private final KafkaTopic topic;
  private final SerializableFunction<KafkaTopic, Producer<byte[], byte[]>> producers;
  private transient Producer<byte[], byte[]> producer;
  private transient Failure failure;

  @SuppressWarnings("NullAway.Init") // the rest is made on the worker
  SendFn(KafkaTopic topic, SerializableFunction<KafkaTopic, Producer<byte[], byte[]>> producers) {
    this.topic = topic;
    this.producers = producers;
  }

  @Setup
  public void open() {
    producer = producers.apply(topic);
    failure = new Failure();
  }

  @StartBundle
  public void start() {
    // Another than the last: what a failed bundle left under way is not this one's trouble.
    failure = new Failure();
  }

  @ProcessElement
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
  public void send(@Element KV<byte[], byte[]> record) throws IOException {
    failure.check(topic);
    producer.send(new ProducerRecord<>(topic.topic(), record.getKey(), record.getValue()), failure);
  }

  @FinishBundle
  public void flush() throws IOException {
    producer.flush();
    failure.check(topic);
  }

  @Teardown
  public void close() {
    // Nothing waits any more but records of a bundle that failed, and these come again.
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
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
