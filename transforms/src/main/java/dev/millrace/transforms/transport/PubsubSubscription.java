package dev.millrace.transforms.transport;

import java.util.regex.Pattern;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;

/** A Pub/Sub subscription to read from. */
public final class PubsubSubscription {

  private static final Pattern PATH = Pattern.compile("projects/[^/]+/subscriptions/[^/]+");

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
    int unused =
        access.ask(
            "subscription '%s'".formatted(path),
            client -> client.ackDeadlineSeconds(PubsubClient.subscriptionPathFromPath(path)));
  }
}
