package dev.millrace.transforms.transport;

import dev.millrace.transforms.secret.MissingSecretException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sts.model.StsException;

/** What to say when Kinesis does not do what it was asked: what was found, and what to mend. */
public final class KinesisFailure {

  private static final int INTERNAL_ERROR = 500;

  private KinesisFailure() {}

  /**
   * One sentence.
   *
   * @param what was asked about: {@code stream 'payments'}
   */
  public static String of(String what, KinesisAccess access, @Nullable Throwable failure) {
    Throwable cause = cause(failure);
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof MissingSecretException) {
        return "Kinesis %s: %s".formatted(what, each.getMessage());
      }
    }
    if (cause instanceof AwsServiceException answer) {
      AwsAnswer said = new AwsAnswer(answer);
      return "Kinesis %s in %s: found %s (%s), %s"
          .formatted(what, access.region(), said.code(), said.said(), remedy(said));
    }
    return noAnswer(what, access, "(%s)".formatted(deepest(cause)));
  }

  static String noAnswer(String what, KinesisAccess access, String how) {
    return "Kinesis %s: found no answer from %s %s, expected one: is the region right, is it reachable, and are there credentials (accessKey and secretKey, the environment, a profile, or the machine's role)?"
        .formatted(
            what,
            access.endpoint() == null
                ? "kinesis.%s.amazonaws.com".formatted(access.region())
                : access.endpoint(),
            how);
  }

  /** Whether it is a refusal for too much at once. */
  public static boolean isThrottling(@Nullable Throwable failure) {
    return cause(failure) instanceof AwsServiceException answer && answer.isThrottlingException();
  }

  /** Whether it may pass by itself: too much at once, a fault of the service, or no answer. */
  static boolean passes(@Nullable Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof AwsServiceException answer) {
      return answer.isThrottlingException() || answer.statusCode() >= INTERNAL_ERROR;
    }
    return cause instanceof SdkClientException;
  }

  /** What is behind the wrapping of futures. */
  public static @Nullable Throwable cause(@Nullable Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String remedy(AwsAnswer answer) {
    if (answer.failure() instanceof StsException) {
      return "expected a role that these credentials may assume: assumeRole, and who the role trusts";
    }
    if (answer.failure() instanceof ResourceNotFoundException) {
      return "expected it to exist: is its region right? aws kinesis create-stream makes one";
    }
    if (answer.knowsNotWhoAsks()) {
      return "expected credentials that it knows: accessKey and secretKey, the environment's, the profile's, or the machine's role";
    }
    if (answer.permitsNot()) {
      return "expected who may kinesis:DescribeStreamSummary and, to read, ListShards, GetShardIterator and GetRecords, or, to write, PutRecords, and use its KMS key";
    }
    return "expected it to be done";
  }

  private static @Nullable Throwable deepest(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
