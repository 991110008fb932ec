package dev.millrace.transforms.transport;

import com.google.api.client.http.HttpResponseException;
import org.jspecify.annotations.Nullable;

/** What to say when Pub/Sub does not do what it was asked: what was found, and what to mend. */
final class PubsubFailure {

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private PubsubFailure() {}

  static String of(String what, String rootUrl, @Nullable Throwable cause) {
    if (cause instanceof HttpResponseException answer) {
      return "Pub/Sub %s: found status %d (%s), %s"
          .formatted(
              what,
              answer.getStatusCode(),
              answer.getStatusMessage(),
              remedy(answer.getStatusCode()));
    }
    return noAnswer(what, rootUrl, "(%s)".formatted(cause));
  }

  static String noAnswer(String what, String rootUrl, String how) {
    return "Pub/Sub %s: found no answer from %s %s, expected one: is it reachable, and are there credentials (gcloud auth application-default login)?"
        .formatted(what, rootUrl, how);
  }

  private static String remedy(int status) {
    return switch (status) {
      case BAD_REQUEST ->
          "expected a request that it takes: a name or a message is not as it should be";
      case UNAUTHORIZED ->
          "expected credentials that it knows: gcloud auth application-default login, or the account of the workers";
      case FORBIDDEN ->
          "expected an account with roles/pubsub.viewer and, to read, roles/pubsub.subscriber, or, to write, roles/pubsub.publisher (roles/pubsub.editor to make a subscription)";
      case NOT_FOUND -> "expected it to exist: is its project right?";
      default -> "expected it to be done";
    };
  }
}
