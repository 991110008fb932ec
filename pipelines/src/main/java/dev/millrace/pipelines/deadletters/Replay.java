package dev.millrace.pipelines.deadletters;

import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Resent;
import dev.millrace.transforms.event.Origin;
import dev.millrace.transforms.transport.KafkaClients;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends records that failed to the topic that they came from again: with the same key, payload and
 * headers, and with {@link Resent}'s. What was decided already is recognised by its id within
 * {@code deduplicateWithin}, so that a replay gives each event one decision, however often it is
 * repeated.
 *
 * <p>A record that could not be decoded is in its dead letter. One that failed later, or was too
 * large to be kept whole, is fetched from the topic. Where that has it no longer it stays where it
 * is, counted as such, as do records of another topic.
 */
public final class Replay implements AutoCloseable {

  /**
   * What became of the dead letters.
   *
   * @param sent records that were sent, or would have been
   * @param repeats of a record that failed more than once, which is sent once
   * @param left that cannot be replayed
   */
  public record Counts(long sent, long repeats, long left) {}

  private final SourceSpec.Kafka topic;
  private final OriginalRecords originals;
  private final @Nullable Producer<byte[], byte[]> producer;
  private final Set<String> seen = new HashSet<>();
  private final Set<Future<RecordMetadata>> underWay = new HashSet<>();
  private long sent;
  private long repeats;
  private long left;

  private Replay(SourceSpec.Kafka topic, @Nullable Producer<byte[], byte[]> producer) {
    this.topic = topic;
    this.originals = new OriginalRecords(topic);
    this.producer = producer;
  }

  /** Counts what would be sent to {@code topic}. */
  public static Replay dry(SourceSpec.Kafka topic) {
    return new Replay(topic, null);
  }

  /** Sends to {@code topic}. */
  public static Replay to(SourceSpec.Kafka topic) {
    Map<String, Object> settings = new HashMap<>(topic.settings());
    settings.put("bootstrap.servers", topic.bootstrapServers());
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    return new Replay(topic, KafkaClients.producer(settings));
  }

  /** Sends one record, if it can be. */
  public void accept(DeadLetter letter) {
    if (!seen.add(letter.origin().toString())) {
      repeats++;
      return;
    }
    Optional<ProducerRecord<byte[], byte[]>> record = record(letter);
    if (record.isEmpty()) {
      left++;
      return;
    }
    sent++;
    if (producer != null) {
      underWay.add(producer.send(record.get()));
    }
  }

  private Optional<ProducerRecord<byte[], byte[]>> record(DeadLetter letter) {
    Origin origin = letter.origin();
    if (!origin.transport().equals("kafka") || !origin.source().equals(topic.topic())) {
      return Optional.empty();
    }
    Optional<ProducerRecord<byte[], byte[]>> record =
        isWhole(letter) ? Optional.of(kept(letter)) : originals.find(origin).map(this::copy);
    record.ifPresent(
        again ->
            Resent.attributes(letter)
                .forEach((name, value) -> again.headers().remove(name).add(name, value)));
    return record;
  }

  private static boolean isWhole(DeadLetter letter) {
    return letter.encoding() == DeadLetter.Encoding.AS_RECEIVED
        && !letter.isCut()
        && letter.payload().length < DeadLetter.LONGEST_PAYLOAD;
  }

  private ProducerRecord<byte[], byte[]> kept(DeadLetter letter) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic.topic(), letter.key(), letter.payload());
    letter.attributes().forEach((name, value) -> record.headers().add(name, value));
    return record;
  }

  private ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> original) {
    return new ProducerRecord<>(
        topic.topic(), null, null, original.key(), original.value(), original.headers());
  }

  /**
   * Waits until all that was sent is acknowledged.
   *
   * @throws IllegalStateException when the broker refused one, or did not answer
   */
  public Counts finish() {
    for (Future<RecordMetadata> each : underWay) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(
            "topic '%s': found a record that the broker did not take (%s); what was sent before it is in the topic, a repeat of the replay is safe"
                .formatted(topic.topic(), e.getMessage()),
            e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while sending", e);
      }
    }
    underWay.clear();
    return new Counts(sent, repeats, left);
  }

  @Override
  public void close() {
    originals.close();
    if (producer != null) {
      producer.close();
    }
  }
}
