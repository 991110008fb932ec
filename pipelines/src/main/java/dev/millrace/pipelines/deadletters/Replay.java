package dev.millrace.pipelines.deadletters;

import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.deadletter.Attempt;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.transport.KafkaClients;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends records that could not be decoded to the topic that they came from again: with the same
 * key, payload and headers, and one header more that counts the attempts. What was decided already
 * is recognised by its id within {@code deduplicateWithin}, so that a replay gives each event one
 * decision, however often it is repeated.
 *
 * <p>Three kinds stay where they are, counted as such: events that failed after they were decoded,
 * whose payload is not what the source gave; payloads that were too large to be kept whole; and
 * records of another topic.
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
  private final @Nullable Producer<byte[], byte[]> producer;
  private final Set<String> seen = new HashSet<>();
  private final Set<Future<RecordMetadata>> underWay = new HashSet<>();
  private long sent;
  private long repeats;
  private long left;

  private Replay(SourceSpec.Kafka topic, @Nullable Producer<byte[], byte[]> producer) {
    this.topic = topic;
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
    if (!isReplayable(letter)) {
      left++;
    } else if (!seen.add(letter.origin().toString())) {
      repeats++;
    } else {
      sent++;
      if (producer != null) {
        underWay.add(producer.send(record(letter)));
      }
    }
  }

  private boolean isReplayable(DeadLetter letter) {
    return letter.encoding() == DeadLetter.Encoding.AS_RECEIVED
        && letter.origin().transport().equals("kafka")
        && letter.origin().source().equals(topic.topic())
        && !letter.isCut()
        && letter.payload().length < DeadLetter.LONGEST_PAYLOAD;
  }

  private ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic.topic(), letter.key(), letter.payload());
    letter.attributes().forEach((name, value) -> record.headers().add(name, value));
    record.headers().remove(Attempt.ATTRIBUTE);
    record.headers().add(Attempt.ATTRIBUTE, Attempt.write(letter.attempt() + 1));
    return record;
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
    if (producer != null) {
      producer.close();
    }
  }
}
