package dev.millrace.transforms.transport;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What to say when S3 does not do what it was asked: what was found, and what to mend. It knows the
 * SDK's exceptions and nothing of S3's client, which whoever runs a pipeline brings with the file
 * system.
 */
public final class S3Failure {

  private static final Pattern PATH = Pattern.compile("s3://([^/]*).*", Pattern.DOTALL);

  private static final Set<String> ANOTHER_REGION =
      Set.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "status 301");

  private static final String REGION =
      "--awsRegion, AWS_REGION, or a profile's (of a store that has none, us-east-1)";
  private static final String CREDENTIALS =
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the role of a pod or an instance";

  private S3Failure() {}

  /**
   * One sentence, without the path; empty when it was not S3 that failed.
   *
   * @param path of a file, or a pattern
   */
  public static Optional<String> of(String path, @Nullable Throwable failure) {
    Matcher s3 = PATH.matcher(path);
    if (!s3.matches()) {
      return Optional.empty();
    }
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof AwsServiceException answer) {
        return Optional.of(answered(s3.group(1), new AwsAnswer(answer)));
      }
      if (each instanceof SdkClientException client) {
        return Optional.of(notAsked(String.valueOf(client.getMessage())));
      }
      if (each instanceof TimeoutException) {
        return Optional.of(noAnswer("in %d s".formatted(LaunchQuestion.PATIENCE.toSeconds())));
      }
    }
    return Optional.empty();
  }

  private static String answered(String bucket, AwsAnswer answer) {
    return "found %s (%s), %s".formatted(answer.code(), answer.said(), remedy(bucket, answer));
  }

  private static String remedy(String bucket, AwsAnswer answer) {
    if (answer.code().equals("NoSuchBucket")) {
      return "expected bucket '%s' to be there: aws s3 mb s3://%s makes one"
          .formatted(bucket, bucket);
    }
    if (ANOTHER_REGION.contains(answer.code())) {
      return "expected the region of bucket '%s'%s: %s".formatted(bucket, regionOf(answer), REGION);
    }
    if (answer.knowsNotWhoAsks()) {
      return "expected credentials that it knows: " + CREDENTIALS;
    }
    if (answer.permitsNot() || answer.failure().statusCode() == 403) {
      return "expected who may s3:ListBucket of '%s' and, to read, s3:GetObject, or, to write, s3:PutObject, s3:GetObject and s3:DeleteObject, and use its KMS key"
          .formatted(bucket);
    }
    return "expected it to be done";
  }

  /** It says so beside a refusal. */
  private static String regionOf(AwsAnswer answer) {
    return Optional.ofNullable(answer.failure().awsErrorDetails())
        .map(details -> details.sdkHttpResponse())
        .flatMap(response -> response.firstMatchingHeader("x-amz-bucket-region"))
        .map(region -> ", " + region)
        .orElse("");
  }

  private static String notAsked(String problem) {
    if (problem.contains("Unable to load region")) {
      return "found no region, expected one: " + REGION;
    }
    if (problem.contains("Unable to load credentials")) {
      return "found no credentials, expected some: " + CREDENTIALS;
    }
    return noAnswer("(%s)".formatted(problem));
  }

  private static String noAnswer(String how) {
    return "found no answer from S3 %s, expected one: is it reachable, is the region right, and --endpoint for a store that is not Amazon's?"
        .formatted(how);
  }
}
