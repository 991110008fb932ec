package dev.millrace.pipelines.simulation;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends deliveries to Kafka, at a pace, and returns when all are acknowledged.
 *
 * <p>Payments go to one topic, keyed by customer, so that a customer's payments keep their order;
 * reports go to another if one is named, else nowhere. The Kafka timestamp is the time of sending,
 * not the payment's: latency can be measured by it, and a topic's retention does not drop records
 * for the age of what they tell.
 *
 * <p>The producer is idempotent and waits for all replicas. A broker that cannot be reached, or a
 * topic that is missing, is an {@link IOException} that names both.
 *
 * <pre>{@code
 * KafkaFeed.to("127.0.0.1:9092", "card.transactions", encoding)
 *     .withReports("card.labels")
 *     .withRate(500)
 *     .send(simulation.deliveries(Disturbances.none()));
 * }</pre>
 *
 * @param rate payment deliveries a second, 0 for as fast as possible
 * @param overrides of the producer's configuration
 */
public record KafkaFeed(
    String bootstrapServers,
    String paymentsTopic,
    PaymentEncoding encoding,
    Optional<String> reportsTopic,
    double rate,
    Duration progressEvery,
    Consumer<Progress> progress,
    Map<String, Object> overrides) {
  private static final int UNREACHABLE_MILLIS = 15_000;

  public KafkaFeed {
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rate must be 0 (as fast as possible) or more records a second, but is " + rate);
    }
    overrides = Map.copyOf(overrides);
  }

  /** Payments to this topic, reports nowhere, as fast as possible, without progress. */
  public static KafkaFeed to(
      String bootstrapServers, String paymentsTopic, PaymentEncoding encoding) {
    return new KafkaFeed(
        bootstrapServers,
        paymentsTopic,
        encoding,
        Optional.empty(),
        0,
        Duration.ofSeconds(1),
        progress -> {},
        Map.of());
  }

  /** Sends the reports too, between the payments as they fall due; not sent by default. */
  public KafkaFeed withReports(String topic) {
    return new KafkaFeed(
        bootstrapServers,
        paymentsTopic,
        encoding,
        Optional.of(topic),
        rate,
        progressEvery,
        progress,
        overrides);
  }

  /**
   * Payment deliveries a second, disturbed ones included; 0, the default, is as fast as possible.
   * Reports are not counted: they are sent between payments, at no pace of their own.
   */
  public KafkaFeed withRate(double perSecond) {
    return new KafkaFeed(
        bootstrapServers,
        paymentsTopic,
        encoding,
        reportsTopic,
        perSecond,
        progressEvery,
        progress,
        overrides);
  }

  /** Calls the consumer so often, on the sending thread; never by default. */
  public KafkaFeed withProgress(Duration every, Consumer<Progress> consumer) {
    return new KafkaFeed(
        bootstrapServers, paymentsTopic, encoding, reportsTopic, rate, every, consumer, overrides);
  }

  /** Kafka's own producer settings, over those set here; none by default. */
  public KafkaFeed withOverrides(Map<String, Object> overrides) {
    return new KafkaFeed(
        bootstrapServers,
        paymentsTopic,
        encoding,
        reportsTopic,
        rate,
        progressEvery,
        progress,
        overrides);
  }

  /** Sends everything and returns how much it was. An interrupt ends it with an exception. */
  public Progress send(Iterator<Delivery> deliveries) throws IOException {
    try (Producer<String, byte[]> producer =
        new KafkaProducer<>(configuration(), new StringSerializer(), new ByteArraySerializer())) {
      return send(deliveries, producer, Pace.of(rate));
    }
  }

  Progress send(Iterator<Delivery> deliveries, Producer<String, byte[]> producer, Pace pace)
      throws IOException {
    AtomicReference<Exception> failure = new AtomicReference<>();
    long payments = 0;
    long reports = 0;
    long nextProgress = progressEvery.toNanos();
    try {
      while (deliveries.hasNext() && failure.get() == null) {
        Delivery delivery = deliveries.next();
        String topic = paymentsTopic;
        if (delivery.event() instanceof FraudReport) {
          if (reportsTopic.isEmpty()) {
            continue;
          }
          topic = reportsTopic.get();
          reports++;
        } else {
          pace.await(payments++);
        }
        if (Thread.interrupted()) {
          throw interrupted(payments + reports);
        }
        send(topic, delivery, producer, failure);
        if (pace.elapsedNanos() >= nextProgress) {
          progress.accept(progress(payments, reports, pace));
          nextProgress = pace.elapsedNanos() + progressEvery.toNanos();
        }
      }
      producer.flush();
    } catch (InterruptException stopped) {
      throw interrupted(payments + reports);
    } catch (KafkaException notSent) {
      failure.compareAndSet(null, notSent);
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new IOException(
          "sending to %s at %s failed among the first %d records: %s"
              .formatted(topics(), bootstrapServers, payments + reports, failed.getMessage()),
          failed);
    }
    return progress(payments, reports, pace);
  }

  private void send(
      String topic,
      Delivery delivery,
      Producer<String, byte[]> producer,
      AtomicReference<Exception> failure) {
    byte[] payload = encoding.encode(delivery);
    // The callback hears of every failure, so the future is of no use.
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(topic, delivery.event().customerId(), payload),
            (metadata, exception) -> {
              if (exception != null) {
                failure.compareAndSet(null, exception);
              }
            });
  }

  private Map<String, Object> configuration() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, UNREACHABLE_MILLIS);
    // Paced records are sent at once; a flood goes in fewer, larger requests.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, rate > 0 ? 0 : 10);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 16);
    settings.putAll(overrides);
    return settings;
  }

  private String topics() {
    return paymentsTopic + reportsTopic.map(topic -> " and " + topic).orElse("");
  }

  private static Progress progress(long payments, long reports, Pace pace) {
    return new Progress(payments, reports, Duration.ofNanos(pace.elapsedNanos()));
  }

  private static InterruptedIOException interrupted(long records) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted after sending about " + records + " records");
  }

  /** How much was sent; payments are all deliveries on their topic, sound or not. */
  public record Progress(long payments, long reports, Duration elapsed) {

    /** Payment deliveries a second since the start. */
    public double paymentsPerSecond() {
      return payments / Math.max(1e-9, elapsed.toNanos() / 1e9);
    }
  }
}
