package dev.millrace.faults;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends payments at a steady rate, whatever happens, and remembers which the broker acknowledged:
 * these are the ones that a bank would miss. The producer tries again for minutes, so that a broker
 * that is away costs time and not records.
 */
final class Load implements AutoCloseable {

  /** Enough for an hour and a half at a thousand a second. */
  private static final int MOST = 5_000_000;

  private static final String TRY_FOR = "600000";

  private final Payments payments;
  private final String topic;
  private final int partitions;
  private final long apartNanos;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicLongArray sentAt = new AtomicLongArray(MOST);
  private final BitSet acknowledged = new BitSet();
  private final AtomicLong sent = new AtomicLong();
  private final Thread thread = new Thread(this::send, "load");
  private volatile boolean ending;

  /**
   * @param partitions how many of the topic's partitions get records, from 0
   * @param rate records a second
   */
  Load(Payments payments, String bootstrapServers, String topic, int partitions, int rate) {
    this.payments = payments;
    this.topic = topic;
    this.partitions = partitions;
    this.apartNanos = Duration.ofSeconds(1).toNanos() / rate;
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("acks", "all");
    settings.put("linger.ms", "0");
    settings.put("delivery.timeout.ms", TRY_FOR);
    settings.put("max.block.ms", TRY_FOR);
    settings.put("request.timeout.ms", "5000");
    settings.put("reconnect.backoff.max.ms", "500");
    settings.put("buffer.memory", 128L << 20);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    thread.start();
  }

  private void send() {
    long start = System.nanoTime();
    for (int i = 0; i < MOST && !ending; i++) {
      long due = start + i * apartNanos;
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      int number = i;
      sentAt.set(number, System.nanoTime());
      var unused =
          producer.send(
              new ProducerRecord<>(
                  topic, payments.partition(number, partitions), null, payments.value(number)),
              (written, exception) -> {
                if (exception == null) {
                  acknowledge(number);
                }
              });
      sent.set(i + 1);
    }
  }

  private synchronized void acknowledge(int number) {
    acknowledged.set(number);
  }

  /** How many records were sent, acknowledged or not. */
  long sent() {
    return sent.get();
  }

  /** When a record was sent, by {@link System#nanoTime}; 0 when it was not. */
  long sentAt(long number) {
    return number < 0 || number >= MOST ? 0 : sentAt.get((int) number);
  }

  /** Ends sending, and returns when the broker has had its last word on every record. */
  void end() {
    ending = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.flush();
  }

  /** The numbers of the records that the broker has. */
  synchronized BitSet acknowledged() {
    return (BitSet) acknowledged.clone();
  }

  @Override
  public void close() {
    ending = true;
    thread.interrupt();
    producer.close(Duration.ZERO);
  }
}
