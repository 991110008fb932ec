package dev.millrace.transforms.transport;

import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.extensions.gcp.auth.CredentialFactory;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubJsonClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * How Pub/Sub is reached, by the options of the pipeline: {@code --pubsubRootUrl}, and who asks,
 * which is the machine's own account unless {@code --credentialFactoryClass} or {@code
 * --impersonateServiceAccount} say otherwise. No secret is held here.
 *
 * @param rootUrl {@code https://pubsub.googleapis.com}, or an emulator's
 * @param credentials makes the credentials, on each worker
 * @param impersonated the accounts in whose name is asked, as the option has them; null for none
 */
public record PubsubAccess(
    String rootUrl, Class<? extends CredentialFactory> credentials, @Nullable String impersonated)
    implements Serializable {

  /** As the options of a pipeline have it. */
  public static PubsubAccess of(PipelineOptions given) {
    PubsubOptions options = given.as(PubsubOptions.class);
    return new PubsubAccess(
        options.getPubsubRootUrl(),
        options.getCredentialFactoryClass(),
        options.getImpersonateServiceAccount());
  }

  /** A client for a thread. */
  PubsubClient client() throws IOException {
    PubsubOptions options = PipelineOptionsFactory.create().as(PubsubOptions.class);
    options.setPubsubRootUrl(rootUrl);
    options.setCredentialFactoryClass(credentials);
    options.setImpersonateServiceAccount(impersonated);
    return PubsubJsonClient.FACTORY.newClient(null, null, options);
  }

  /** Something to ask of Pub/Sub. */
  interface Question<T> {
    T ask(PubsubClient client) throws IOException;
  }

  /**
   * Asks at launch, and does not wait as long as Beam's client tries again: for minutes.
   *
   * @param what is asked about, for people: {@code topic 'projects/p/topics/t'}
   * @throws IllegalArgumentException with what to do, when there is no answer
   */
  <T> T ask(String what, Question<T> question) {
    try {
      return LaunchQuestion.ask(
          what,
          () -> {
            try (PubsubClient client = client()) {
              return question.ask(client);
            }
          });
    } catch (ExecutionException e) {
      throw new IllegalArgumentException(PubsubFailure.of(what, rootUrl, e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IllegalArgumentException(
          PubsubFailure.noAnswer(
              what, rootUrl, "in %d s".formatted(LaunchQuestion.PATIENCE.toSeconds())),
          e);
    }
  }
}
