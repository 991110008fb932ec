package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.transforms.transport.KafkaClients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A broker with payments to decide, for what is written elsewhere. */
final class PaymentTopic implements AutoCloseable {

  private final KafkaBroker broker;

  PaymentTopic(Path folder) throws IOException {
    broker = KafkaBroker.start(folder);
    broker.createTopic("payments", 2, Map.of());
    broker.createTopic("deadletters", 1, Map.of());
  }

  /** What stands below {@code from:}. */
  String from() {
    return "kafka: { bootstrapServers: \"%s\", topic: payments }"
        .formatted(broker.bootstrapServers());
  }

  String deadLetters() {
    return "{ kafka: { topic: deadletters } }";
  }

  /** Sends the payments {@code from} to {@code to}. */
  void send(int from, int to) {
    send(IntStream.range(from, to).mapToObj(JsonPayments::payment).toArray(String[]::new));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // flush waits for all
  void send(String... payloads) {
    try (Producer<byte[], byte[]> producer =
        KafkaClients.producer(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      for (String payload : payloads) {
        producer.send(new ProducerRecord<>("payments", payload.getBytes(UTF_8)));
      }
      producer.flush();
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
