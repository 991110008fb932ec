package dev.millrace.transforms.deliver.http;

import dev.millrace.transforms.deliver.DecisionSchema;
import dev.millrace.transforms.deliver.GenericDecisions;
import dev.millrace.transforms.event.AvroJson;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.step.EventStage;
import dev.millrace.transforms.step.EventStep;
import java.time.Duration;
import java.util.Map;

/**
 * Posts each event to a web service, as one JSON object of {@link DecisionSchema}'s fields ({@link
 * AvroJson} says how values are written), and emits no events. It is posted at least once, several
 * at a time and in no order; each carries the same {@code Idempotency-Key} however often it comes,
 * {@code "PIPELINE/EVENT_ID"}, by which the service drops repeats (draft-ietf-httpapi-idempotency-
 * key-header). A bundle ends when all of its posts are answered.
 *
 * <p>Any 2xx is success. An answer of 400, 409, 413 or 422 is about the decision itself: it becomes
 * a dead letter of reason {@link dev.millrace.transforms.deadletter.Reason#UNDELIVERABLE}, as does
 * one that is larger than {@link #withMaxBytes}. 409 is asked again before, for by that draft it
 * says that the same post is still being worked on. Everything else may pass (no answer, 429, 5xx,
 * also a login that is refused or an address that is not there): it is tried again, with growing
 * pauses, or longer ones where {@code Retry-After} asks for them in seconds or by a date, for as
 * long as {@link #withPatience}; then the bundle fails, and is tried again by the runner.
 * Redirections are not followed.
 *
 * <pre>{@code
 * decisions.apply("Tell", PostDecisions.to("https://cases.bank/alerts").of("card-fraud", version));
 * }</pre>
 */
public final class PostDecisions extends EventStage {

  /** What a service takes that has no reason to take more. */
  public static final int DEFAULT_MAX_BYTES = 1_000_000;

  private final Webhook webhook;
  private final String pipeline;
  private final String featureVersion;
  private final int maxBytes;

  private PostDecisions(Webhook webhook, String pipeline, String featureVersion, int maxBytes) {
    this.webhook = webhook;
    this.pipeline = pipeline;
    this.featureVersion = featureVersion;
    this.maxBytes = maxBytes;
  }

  /**
   * To an address.
   *
   * @throws IllegalArgumentException when it is none of http or https
   */
  public static PostDecisions to(String url) {
    return new PostDecisions(Webhook.at(url), "", "", DEFAULT_MAX_BYTES);
  }

  /** Says in each decision which pipeline, and which version of its features, made it. */
  public PostDecisions of(String pipeline, String featureVersion) {
    return new PostDecisions(webhook, pipeline, featureVersion, maxBytes);
  }

  /**
   * Sends these headers too. A value {@code secret:env:NAME} or {@code secret:file:PATH} is where
   * one is to be had: it is read on the worker for each post. None by default.
   *
   * @throws IllegalArgumentException for a name that is none or is set already, and for a secret
   *     that would be sent to another machine in the clear
   */
  public PostDecisions withHeaders(Map<String, String> headers) {
    return new PostDecisions(webhook.withHeaders(headers), pipeline, featureVersion, maxBytes);
  }

  /** How long one post may take, 5 s by default. */
  public PostDecisions withTimeout(Duration timeout) {
    return new PostDecisions(webhook.withTimeout(timeout), pipeline, featureVersion, maxBytes);
  }

  /** How long a post is tried again until its bundle fails, 30 s by default. */
  public PostDecisions withPatience(Duration patience) {
    return new PostDecisions(webhook.withPatience(patience), pipeline, featureVersion, maxBytes);
  }

  /** How many posts of one function may be under way, 16 by default. */
  public PostDecisions withInFlight(int posts) {
    return new PostDecisions(webhook.withInFlight(posts), pipeline, featureVersion, maxBytes);
  }

  /** The largest body in bytes, 1,000,000 by default. */
  public PostDecisions withMaxBytes(int bytes) {
    return new PostDecisions(webhook, pipeline, featureVersion, bytes);
  }

  /**
   * Looks, at launch, whether the service answers at all, by a HEAD that no service has to know.
   *
   * @throws IllegalArgumentException when it cannot be reached, or does not let in who asks
   */
  public void check() {
    webhook.check();
  }

  @Override
  public EventLayout layout(EventLayout input) {
    return input;
  }

  @Override
  public EventStep step(EventLayout input) {
    return new PostStep(
        webhook, new GenericDecisions(pipeline, featureVersion, input), pipeline, maxBytes);
  }
}
