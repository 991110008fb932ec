package dev.millrace.it.payments;

import dev.millrace.pipelines.services.KafkaBroker;
import dev.millrace.pipelines.services.RegistryServer;
import dev.millrace.transforms.registry.ConfluentRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker, a registry, a pipeline that counts a customer's payments, and its producers. */
public final class PaymentPipeline implements AutoCloseable {

  public static final String PAYMENTS = "payments";

  private final Path folder;
  public final KafkaBroker broker;
  public final RegistryServer registry;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<PaymentVersions, Integer> ids = new HashMap<>();

  public PaymentPipeline(Path folder) throws IOException {
    this.folder = folder;
    this.broker = KafkaBroker.start(folder);
    this.registry = RegistryServer.start(folder);
    for (String topic : new String[] {PAYMENTS, "decisions", "deadletters"}) {
      broker.createTopic(topic, 1, Map.of());
    }
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Writes the contract and the pipeline's file.
   *
   * @param customerAliases other names of the customer, as JSON
   */
  public Path write(String customerAliases) throws IOException {
    return write(customerAliases, "to: { kafka: { topic: decisions } }");
  }

  /**
   * The same, whose decisions go elsewhere.
   *
   * @param to the section that says so, as YAML
   */
  public Path write(String customerAliases, String to) throws IOException {
    Files.writeString(
        folder.resolve("payment.avsc"),
        """
        {"type": "record", "name": "Payment", "fields": [
          {"name": "id", "type": "string"},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "customer", "type": "string", "aliases": %s},
          {"name": "amount", "type": "double"},
          {"name": "currency", "type": "string", "default": "EUR"},
          {"name": "merchant", "type": "string", "aliases": ["shop"]},
          {"name": "note", "type": ["null", "string"], "default": null},
          {"name": "channel", "type": {"type": "enum", "name": "Channel",
            "symbols": ["CHIP", "WEB", "OTHER"], "default": "OTHER"}}]}
        """
            .formatted(customerAliases));
    return Files.writeString(
        folder.resolve("payments.yaml"),
        """
        pipeline: payments
        events:
          from: { kafka: { bootstrapServers: "${KAFKA:-127.0.0.1:9092}", topic: payments, groupId: payments } }
          format: { avro: { contract: payment.avsc, registry: "${REGISTRY:-http://127.0.0.1:8081}" } }
          id: id
          eventTime: at
        history:
          - key: customer
            features:
              payments_1d: { count: events, over: 1d }
        decide:
          field: decision
          rules: [ { when: "amount >= 100.0", then: REVIEW } ]
          otherwise: APPROVE
        %s
        deadLetters: { kafka: { topic: deadletters } }
        """
            .formatted(to.strip()));
  }

  public Map<String, String> environment() {
    return Map.of("KAFKA", broker.bootstrapServers(), "REGISTRY", registry.url());
  }

  /** Makes a version known to the registry. */
  public void register(PaymentVersions version) {
    ids.put(
        version,
        ConfluentRegistry.at(registry.url())
            .register("payments-" + version.name() + "-value", version.schema()));
  }

  /** Sends payments by a version, from number {@code from} to before number {@code to}. */
  public void send(PaymentVersions version, int from, int to)
      throws ExecutionException, InterruptedException {
    if (!ids.containsKey(version)) {
      register(version);
    }
    int schemaId = ids.getOrDefault(version, 0);
    List<Future<RecordMetadata>> underWay = new ArrayList<>();
    for (int i = from; i < to; i++) {
      underWay.add(producer.send(new ProducerRecord<>(PAYMENTS, version.payment(schemaId, i))));
    }
    for (Future<RecordMetadata> each : underWay) {
      each.get();
    }
  }

  @Override
  public void close() {
    producer.close();
    registry.close();
    broker.close();
  }
}
