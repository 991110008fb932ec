package dev.millrace.transforms.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes clients of Kafka from settings in which secrets are references: the one place where a
 * secret becomes a value. Of the settings of a stream or a sink, which may be a consumer's or a
 * producer's, each client takes those that it knows.
 */
public final class KafkaClients {

  private KafkaClients() {}

  /** A consumer of bytes. */
  public static Consumer<byte[], byte[]> consumer(Map<String, ?> settings) {
    return consumer(
        settings,
        own -> new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
  }

  /**
   * A consumer that {@code make} gives for the settings, with secrets in the place of references.
   */
  public static <C extends Consumer<byte[], byte[]>> C consumer(
      Map<String, ?> settings, Function<Map<String, Object>, C> make) {
    return make.apply(resolved(settings, ConsumerConfig.configNames()));
  }

  /** A producer of bytes. */
  public static Producer<byte[], byte[]> producer(Map<String, ?> settings) {
    return new KafkaProducer<>(
        resolved(settings, ProducerConfig.configNames()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  static AdminClient admin(Map<String, ?> settings) {
    return AdminClient.create(resolved(settings, AdminClientConfig.configNames()));
  }

  private static Map<String, Object> resolved(Map<String, ?> settings, Set<String> known) {
    Map<String, Object> own = new HashMap<>(settings);
    own.keySet().retainAll(known);
    return SecretSettings.resolve(own);
  }
}
