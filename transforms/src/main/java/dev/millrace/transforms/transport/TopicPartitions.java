package dev.millrace.transforms.transport;

import dev.millrace.transforms.event.Suggestion;
import dev.millrace.transforms.secret.MissingSecretException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

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
    Question<List<TopicPartition>> partitions =
        admin -> lookUp(admin, bootstrapServers, topic, 2L * timeoutMillis);
    return ask(bootstrapServers, topic, settings, timeoutMillis, partitions);
  }

  /**
   * The topic's {@code max.message.bytes}; as large as can be when this user may not ask, or the
   * broker does not say.
   *
   * @throws IllegalArgumentException when the broker cannot be reached
   */
  static int largestMessage(String bootstrapServers, String topic, Map<String, String> settings) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Question<Integer> largest =
        admin -> {
          try {
            for (Config config :
                admin
                    .describeConfigs(List.of(resource))
                    .all()
                    .get(2L * LAUNCH_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .values()) {
              ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
              return entry == null || entry.value() == null
                  ? Integer.MAX_VALUE
                  : Integer.parseInt(entry.value());
            }
          } catch (ExecutionException e) {
            // Not all that speak Kafka's protocol answer this; Event Hubs did not for long.
            if (!(e.getCause() instanceof AuthorizationException
                || e.getCause() instanceof UnsupportedVersionException
                || e.getCause() instanceof InvalidRequestException)) {
              throw e;
            }
          }
          return Integer.MAX_VALUE;
        };
    return ask(bootstrapServers, topic, settings, LAUNCH_TIMEOUT_MILLIS, largest);
  }

  private interface Question<T> {
    T put(AdminClient admin) throws ExecutionException, TimeoutException, InterruptedException;
  }

  private static <T> T ask(
      String bootstrapServers,
      String topic,
      Map<String, String> settings,
      int timeoutMillis,
      Question<T> question) {
    Map<String, Object> config = new HashMap<>(settings);
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis);
    // Twice the client's own limit is waited for, so that its answer, which says more, comes first.
    try (AdminClient admin = KafkaClients.admin(config)) {
      return question.put(admin);
    } catch (MissingSecretException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
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
        throw new IllegalArgumentException(
            missing(bootstrapServers, topic, names(admin, millis)), e);
      }
      throw e;
    }
  }

  /** All topics; none for a user who may not list them. */
  private static Collection<String> names(AdminClient admin, long millis)
      throws TimeoutException, InterruptedException {
    try {
      return admin.listTopics().names().get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return List.of();
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
    return new IllegalArgumentException(
        "Kafka broker %s, asked for topic '%s': found %s"
            .formatted(bootstrapServers, topic, found(cause, timeoutMillis)),
        cause);
  }

  private static String found(Throwable failure, int timeoutMillis) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String refusal = refusal(cause);
      if (refusal != null) {
        return refusal;
      }
    }
    return "no answer within %d ms (%s), expected a broker that is reachable from here"
        .formatted(timeoutMillis, deepest(failure).getMessage());
  }

  /** What to say of a broker that answered by a refusal; null of any other failure. */
  private static @Nullable String refusal(Throwable cause) {
    if (cause instanceof AuthorizationException) {
      return "a user who may not (%s), expected one who may describe it, and read or write it"
          .formatted(cause.getMessage());
    }
    if (cause instanceof SslAuthenticationException || cause instanceof SSLException) {
      return "no TLS connection that can be trusted (%s), expected a certificate of this host's name that ssl.truststore.location knows, or security.protocol to say otherwise"
          .formatted(deepest(cause).getMessage());
    }
    if (cause instanceof LoginException) {
      return "no token (%s), expected an endpoint that is reachable from here and knows the client and its secret"
          .formatted(cause.getMessage());
    }
    if (cause instanceof AuthenticationException) {
      return "a login that it refuses (%s), expected the user and the password or token that it knows"
          .formatted(cause.getMessage());
    }
    return null;
  }

  private static Throwable deepest(Throwable cause) {
    return cause.getCause() == null ? cause : deepest(cause.getCause());
  }
}
