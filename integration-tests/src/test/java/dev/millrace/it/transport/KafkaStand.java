package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.it.registry.Certificates;
import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.event.AvroFrame;
import dev.millrace.transforms.transport.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A broker: as it is, or as the Kafka endpoint of an Event Hubs namespace. */
final class KafkaStand implements Stand {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaBroker broker;
  private final Runnable closeMore;
  private final String from;
  private final String to;
  private final String deadLetters;
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;

  private KafkaStand(
      KafkaBroker broker,
      Runnable closeMore,
      Map<String, String> client,
      String from,
      String to,
      String deadLetters)
      throws IOException {
    this.broker = broker;
    this.closeMore = closeMore;
    this.from = from;
    this.to = to;
    this.deadLetters = deadLetters;
    broker.createTopic("payments", 2, Map.of());
    broker.createTopic("decisions", 1, Map.of());
    broker.createTopic("deadletters", 1, Map.of());
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("bootstrap.servers", broker.bootstrapServers());
    this.producer = KafkaClients.producer(settings);
    this.consumer = KafkaClients.consumer(settings);
    List<TopicPartition> out =
        List.of(new TopicPartition("decisions", 0), new TopicPartition("deadletters", 0));
    consumer.assign(out);
    consumer.seekToBeginning(out);
  }

  static Stand kafka(Path folder) throws IOException {
    KafkaBroker broker = KafkaBroker.start(folder);
    return new KafkaStand(
        broker,
        () -> {},
        Map.of(),
        "{ kafka: { bootstrapServers: \"%s\", topic: payments } }"
            .formatted(broker.bootstrapServers()),
        "{ kafka: { topic: decisions } }",
        "{ kafka: { topic: deadletters } }");
  }

  static Stand eventHubs(Path folder) throws Exception {
    TokenServer tokens = TokenServer.start(folder, "unused");
    HubsNamespace namespace = new HubsNamespace(Certificates.in(folder), tokens);
    KafkaBroker broker = KafkaBroker.start(folder, namespace);
    Path secret =
        Files.writeString(folder.resolve("connection-string"), HubsNamespace.CONNECTION_STRING);
    String settings =
        namespace.trust(namespace.certificates().password().reference()).entrySet().stream()
            .map(setting -> "%s: '%s'".formatted(setting.getKey(), setting.getValue()))
            .collect(Collectors.joining(", "));
    return new KafkaStand(
        broker,
        tokens::close,
        namespace.ofClient(),
        "{ eventHubs: { namespace: \"%s\", hub: payments, connectionString: \"secret:file:%s\", settings: { %s } } }"
            .formatted(broker.bootstrapServers(), secret, settings),
        "{ eventHubs: { hub: decisions } }",
        "{ eventHubs: { hub: deadletters } }");
  }

  @Override
  public String from() {
    return from;
  }

  @Override
  public String to() {
    return to;
  }

  @Override
  public String deadLetters() {
    return deadLetters;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // flush waits for all
  public void send(List<Recording.Line> lines) {
    for (Recording.Line line : lines) {
      producer.send(
          new ProducerRecord<>(
              "payments", line.customer().getBytes(UTF_8), line.text().getBytes(UTF_8)));
    }
    producer.flush();
  }

  @Override
  public void read(Outcome outcome) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (record.topic().equals("decisions")) {
        outcome.decision(record.value());
      } else {
        outcome.letter(DeadLetterAvro.read(record.value(), AvroFrame.lengthOf(record.value())));
      }
    }
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
    broker.close();
    closeMore.run();
  }
}
