package dev.millrace.it.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.transforms.transport.KafkaTopic;
import dev.millrace.transforms.transport.RecordSize;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large a record may be: what we count, and what a real broker and producer take. */
class RecordSizeIT {

  private static final byte[] KEY = new byte[36];
  private static final int TOPIC_TAKES = 20_000;

  /** A record's own numbers are counted at their longest, and most are shorter. */
  private static final int MOST_OVERCOUNTED = 21;

  @Test
  void record_that_we_let_pass_is_taken_and_little_more_is(@TempDir Path folder) throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder)) {
      broker.createTopic("small", 1, Map.of("max.message.bytes", "" + TOPIC_TAKES));
      broker.createTopic("usual", 1, Map.of());
      KafkaTopic small = new KafkaTopic(broker.bootstrapServers(), "small", Map.of());
      KafkaTopic usual = new KafkaTopic(broker.bootstrapServers(), "usual", Map.of());
      assertThat(small.largestRecord()).isEqualTo(TOPIC_TAKES);
      assertThat(usual.largestRecord()).isEqualTo(1 << 20);
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", broker.bootstrapServers()),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        for (KafkaTopic topic : new KafkaTopic[] {small, usual}) {
          int longest = longestOf(topic.largestRecord());
          assertThat(isTaken(producer, topic, longest)).isTrue();
          assertThat(isTaken(producer, topic, longest + MOST_OVERCOUNTED)).isFalse();
        }
      }
    }
  }

  /** The longest value that we would send. */
  private static int longestOf(int most) {
    int length = most;
    while (RecordSize.of(KEY, new byte[length]) > most) {
      length--;
    }
    return length;
  }

  private static boolean isTaken(
      KafkaProducer<byte[], byte[]> producer, KafkaTopic topic, int length)
      throws InterruptedException {
    try {
      producer.send(new ProducerRecord<>(topic.topic(), KEY, new byte[length])).get();
      return true;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(RecordTooLargeException.class);
      return false;
    }
  }
}
