package dev.millrace.transforms.transport;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What a service of AWS said when it did not do what it was asked. */
record AwsAnswer(AwsServiceException failure) {

  private static final Set<String> UNKNOWN_CREDENTIALS =
      Set.of(
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidAccessKeyId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "MissingAuthenticationTokenException",
          "MissingAuthenticationToken",
          "ExpiredTokenException",
          "ExpiredToken",
          "InvalidToken");

  private static final Set<String> NO_PERMISSION =
      Set.of("AccessDeniedException", "AccessDenied", "KMSAccessDeniedException");

  /** The name of the error, or {@code status 403} where it has none. */
  String code() {
    AwsErrorDetails details = failure.awsErrorDetails();
    return details == null || details.errorCode() == null
        ? "status " + failure.statusCode()
        : details.errorCode();
  }

  /** The error in the service's own words. */
  @Nullable String said() {
    AwsErrorDetails details = failure.awsErrorDetails();
    return details == null ? failure.getMessage() : details.errorMessage();
  }

  boolean knowsNotWhoAsks() {
    return UNKNOWN_CREDENTIALS.contains(code());
  }

  boolean permitsNot() {
    return NO_PERMISSION.contains(code());
  }
}
