package dev.millrace.transforms.transport;

import dev.millrace.transforms.event.Suggestion;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a broker, while a pipeline is assembled, which partitions a topic has. */
public final class TopicPartitions {

  /** How long to wait for a broker at launch, in milliseconds. */
  public static final int LAUNCH_TIMEOUT_MILLIS = 5_000;

  private static final int NAMES_SHOWN = 20;

  private TopicPartitions() {}

  /**
   * All partitions of the topic, in order.
   *
   * @throws IllegalArgumentException when the broker cannot be reached within {@code
   *     timeoutMillis}, or has no such topic
   */
  public static List<TopicPartition> of(
      String bootstrapServers, String topic, Map<String, String> settings, int timeoutMillis) {
    Map<String, Object> config = new HashMap<>(settings);
    config.keySet().retainAll(AdminClientConfig.configNames());
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis);
    try (AdminClient admin = AdminClient.create(config)) {
      // Twice the client's own limit, so that its answer, which says more, comes first.
      return lookUp(admin, bootstrapServers, topic, 2L * timeoutMillis);
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      throw unreachable(bootstrapServers, topic, timeoutMillis, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(bootstrapServers, topic, timeoutMillis, e);
    }
  }

  private static List<TopicPartition> lookUp(
      AdminClient admin, String bootstrapServers, String topic, long millis)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      TopicDescription found =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get(millis, TimeUnit.MILLISECONDS)
              .get(topic);
      if (found == null) {
        throw new IllegalStateException("the broker described another topic than " + topic);
      }
      return IntStream.range(0, found.partitions().size())
          .mapToObj(i -> new TopicPartition(topic, found.partitions().get(i).partition()))
          .toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        Collection<String> names = admin.listTopics().names().get(millis, TimeUnit.MILLISECONDS);
        throw new IllegalArgumentException(missing(bootstrapServers, topic, names), e);
      }
      throw e;
    }
  }

  /** What to say of a topic that is not among those there are. */
  public static String missing(String bootstrapServers, String topic, Collection<String> names) {
    List<String> shown = names.stream().sorted().limit(NAMES_SHOWN).toList();
    String there = shown.isEmpty() ? "none" : String.join(", ", shown);
    String more =
        names.size() > NAMES_SHOWN ? " and %d more".formatted(names.size() - NAMES_SHOWN) : "";
    return "Kafka topic '%s' does not exist on %s%s; topics there: %s%s"
        .formatted(topic, bootstrapServers, Suggestion.didYouMean(topic, names), there, more);
  }

  private static IllegalArgumentException unreachable(
      String bootstrapServers, String topic, int timeoutMillis, Exception cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return new IllegalArgumentException(
        "Kafka broker %s, asked for topic '%s': found no answer within %d ms (%s), expected a broker that is reachable from here"
            .formatted(bootstrapServers, topic, timeoutMillis, deepest.getMessage()),
        cause);
  }
}
