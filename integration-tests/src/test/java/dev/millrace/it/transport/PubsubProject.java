package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipelines.services.PubsubEmulator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.IncomingMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.OutgoingMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubJsonClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A project of an emulator: topics, each with a subscription of its name, and their messages. */
public final class PubsubProject implements AutoCloseable {

  private static final String PROJECT = "projects/test-project";
  private static final int ACK_SECONDS = 10;
  private static final int AT_ONCE = 500;

  private final PubsubEmulator emulator;
  private final PubsubClient client;

  public PubsubProject(PubsubEmulator emulator) throws IOException {
    this.emulator = emulator;
    this.client =
        PubsubJsonClient.FACTORY.newClient(
            null,
            null,
            PipelineOptionsFactory.fromArgs(options()).create().as(PubsubOptions.class));
  }

  /** What a pipeline needs to reach it. */
  public String[] options() {
    return new String[] {
      "--pubsubRootUrl=" + emulator.url(),
      "--project=test-project",
      "--credentialFactoryClass=" + NoopCredentialFactory.class.getName()
    };
  }

  public static String topic(String name) {
    return PROJECT + "/topics/" + name;
  }

  public static String subscription(String name) {
    return PROJECT + "/subscriptions/" + name;
  }

  public PubsubProject with(String... names) throws IOException {
    for (String name : names) {
      PubsubClient.TopicPath topic = PubsubClient.topicPathFromPath(topic(name));
      client.createTopic(topic);
      client.createSubscription(
          topic, PubsubClient.subscriptionPathFromPath(subscription(name)), ACK_SECONDS);
    }
    return this;
  }

  void publish(String topic, List<String> payloads, Map<String, String> attributes)
      throws IOException {
    List<OutgoingMessage> messages = new ArrayList<>();
    for (String payload : payloads) {
      messages.add(
          OutgoingMessage.of(
              new PubsubMessage(payload.getBytes(UTF_8), attributes), 0, null, null));
    }
    int unused = client.publish(PubsubClient.topicPathFromPath(topic(topic)), messages);
  }

  /** What comes out of a subscription until nothing came for so long. */
  List<IncomingMessage> drain(String name, Duration idle) throws IOException, InterruptedException {
    PubsubClient.SubscriptionPath path = PubsubClient.subscriptionPathFromPath(subscription(name));
    List<IncomingMessage> all = new ArrayList<>();
    long last = System.nanoTime();
    while (System.nanoTime() - last < idle.toNanos()) {
      List<IncomingMessage> some = client.pull(System.currentTimeMillis(), path, AT_ONCE, true);
      if (some.isEmpty()) {
        Thread.sleep(50);
        continue;
      }
      client.acknowledge(path, some.stream().map(IncomingMessage::ackId).toList());
      all.addAll(some);
      last = System.nanoTime();
    }
    return all;
  }

  /** The attribute by which a reader knows a message again. */
  static String id(IncomingMessage message) {
    return Objects.requireNonNull(message.message().getAttributesMap().get("id"));
  }

  @Override
  public void close() throws IOException {
    client.close();
    emulator.close();
  }
}
