package dev.millrace.transforms.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaSenderTest {

  private static final KafkaTopic TOPIC = new KafkaTopic("b:1", "decisions", Map.of());

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, new ByteArraySerializer(), new ByteArraySerializer());
  private final KafkaSender sink = new KafkaSender(TOPIC, producer);

  private void send(String key) throws IOException {
    sink.send(OutgoingRecord.of(key.getBytes(UTF_8), key.getBytes(UTF_8)));
  }

  @Test
  void end_of_a_bundle_waits_for_all_that_was_sent() throws IOException {
    send("a");
    send("b");
    assertThat(producer.history()).hasSize(2);
    assertThat(producer.flushed()).isFalse();
    sink.flush();
    assertThat(producer.flushed()).isTrue();
    sink.close();
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void record_that_was_not_taken_fails_its_bundle_and_says_what_to_do() throws IOException {
    send("a");
    producer.errorNext(new RecordTooLargeException("too large"));
    assertThatThrownBy(sink::flush)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Kafka topic 'decisions' on b:1: found a record that was not taken (RecordTooLargeException: too large), expected one within the topic's max.message.bytes: raise it, or set the sink's maxRecordBytes to what it was lowered to; the bundle is tried again");
  }

  @Test
  void bundle_stops_at_its_first_failure() throws IOException {
    send("a");
    producer.errorNext(new TimeoutException("expired"));
    assertThatThrownBy(() -> send("b")).hasMessageContaining("delivery.timeout.ms");
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void a_failure_is_told_until_the_end() throws IOException {
    send("a");
    sink.check();
    producer.errorNext(new TimeoutException("expired"));
    assertThatThrownBy(sink::check).hasMessageContaining("delivery.timeout.ms");
    assertThatThrownBy(sink::flush).hasMessageContaining("delivery.timeout.ms");
    assertThatThrownBy(() -> send("b")).hasMessageContaining("delivery.timeout.ms");
  }
}
