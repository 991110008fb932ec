package dev.millrace.transforms.transport;

import com.google.api.client.http.HttpResponseException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.ProjectPath;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.SubscriptionPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Pub/Sub subscription to read from. */
public final class PubsubSubscription {

  private static final Logger LOG = LoggerFactory.getLogger(PubsubSubscription.class);
  private static final Pattern PATH = Pattern.compile("projects/[^/]+/subscriptions/[^/]+");
  private static final int NOT_FOUND = 404;

  /** Of a subscription that is made here; Beam's reader extends it for what is under way. */
  private static final int ACK_SECONDS = 60;

  private final String path;
  private final PubsubAccess access;

  /**
   * @param path {@code projects/PROJECT/subscriptions/SUBSCRIPTION}
   * @throws IllegalArgumentException for another
   */
  public PubsubSubscription(String path, PubsubAccess access) {
    this.path = checked(path);
    this.access = access;
  }

  /**
   * The path, when it is one.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static String checked(String path) {
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "found subscription '%s', expected projects/PROJECT/subscriptions/SUBSCRIPTION"
              .formatted(path));
    }
    return path;
  }

  /**
   * Looks, at launch, whether the subscription is there.
   *
   * @throws IllegalArgumentException when it is not, or may not be looked at
   */
  public void check() {
    int unused = access.ask(toString(), client -> client.ackDeadlineSeconds(subscriptionPath()));
  }

  /**
   * Makes, at launch, the subscription of a topic unless it is there. It is not taken away again:
   * what is published from now on waits in it, also while nobody reads.
   *
   * @param topic {@code projects/PROJECT/topics/TOPIC}
   * @throws IllegalArgumentException when the topic is not there, the subscription is another
   *     topic's, or may neither be looked at nor made
   */
  public void make(String topic) {
    new PubsubTopic(topic, access).check();
    boolean is = access.ask(toString(), this::isThere);
    if (!is) {
      boolean unused =
          access.ask(this + " of topic '%s'".formatted(topic), client -> made(client, topic));
    } else if (!access.ask(toString(), client -> isOf(client, topic))) {
      throw new IllegalArgumentException(
          "Pub/Sub %s: found it to be of another topic, expected one of topic '%s', or none, to be made"
              .formatted(this, topic));
    }
  }

  private boolean isThere(PubsubClient client) throws IOException {
    try {
      int unused = client.ackDeadlineSeconds(subscriptionPath());
      return true;
    } catch (HttpResponseException e) {
      if (e.getStatusCode() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private boolean made(PubsubClient client, String topic) throws IOException {
    client.createSubscription(
        PubsubClient.topicPathFromPath(topic), subscriptionPath(), ACK_SECONDS);
    LOG.info("made {} of topic '{}': it has what is published from now on", this, topic);
    return true;
  }

  private boolean isOf(PubsubClient client, String topic) throws IOException {
    ProjectPath project =
        PubsubClient.projectPathFromPath(path.substring(0, path.indexOf("/subscriptions/")));
    return client
        .listSubscriptions(project, PubsubClient.topicPathFromPath(topic))
        .contains(subscriptionPath());
  }

  private SubscriptionPath subscriptionPath() {
    return PubsubClient.subscriptionPathFromPath(path);
  }

  @Override
  public String toString() {
    return "subscription '%s'".formatted(path);
  }
}
