package dev.millrace.transforms.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;

class S3FailureTest {

  private static final String PATH = "s3://bank/payments-*.avro";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NoSuchBucket | expected bucket 'bank' to be there: aws s3 mb s3://bank makes one",
        "SignatureDoesNotMatch | expected credentials that it knows: AWS_ACCESS_KEY_ID",
        "ExpiredToken | expected credentials that it knows: AWS_ACCESS_KEY_ID",
        "AccessDenied | expected who may s3:ListBucket of 'bank'",
        "PermanentRedirect | expected the region of bucket 'bank', eu-west-2: --awsRegion",
        "AuthorizationHeaderMalformed | expected the region of bucket 'bank', eu-west-2: --awsRegion",
        "SlowDown | expected it to be done"
      })
  void answer_is_told_with_its_remedy(String code, String remedy) {
    AwsErrorDetails details =
        AwsErrorDetails.builder()
            .errorCode(code)
            .errorMessage("No")
            .sdkHttpResponse(
                SdkHttpResponse.builder().putHeader("x-amz-bucket-region", "eu-west-2").build())
            .build();
    Exception answer = AwsServiceException.builder().awsErrorDetails(details).build();
    assertThat(S3Failure.of(PATH, new ExecutionException(new IOException(answer))).orElseThrow())
        .startsWith("found %s (No), %s".formatted(code, remedy));
  }

  /** To HEAD no service answers with a name. */
  @Test
  void answer_without_a_name_is_known_by_its_status() {
    assertThat(S3Failure.of(PATH, AwsServiceException.builder().statusCode(403).build()))
        .hasValueSatisfying(
            said -> assertThat(said).startsWith("found status 403").contains("s3:GetObject"));
    assertThat(S3Failure.of(PATH, AwsServiceException.builder().statusCode(301).build()))
        .hasValueSatisfying(
            said -> assertThat(said).contains("expected the region of bucket 'bank': --awsRegion"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Unable to load region from any of the providers in the chain | found no region, expected one: --awsRegion, AWS_REGION",
        "Unable to load credentials from any of the providers in the chain | found no credentials, expected some: AWS_ACCESS_KEY_ID",
        "Unable to execute HTTP request: Connection refused | found no answer from S3 (Unable to execute HTTP request: Connection refused), expected one"
      })
  void what_was_not_asked_is_told_with_its_remedy(String problem, String told) {
    assertThat(S3Failure.of(PATH, SdkClientException.create(problem)).orElseThrow())
        .startsWith(told);
  }

  @Test
  void no_answer_in_time_says_what_may_be_wrong() {
    assertThat(S3Failure.of(PATH, new TimeoutException()).orElseThrow())
        .startsWith("found no answer from S3 in 20 s, expected one: is it reachable");
  }

  @Test
  void other_stores_and_other_troubles_are_not_told() {
    assertThat(S3Failure.of("gs://bank/p", SdkClientException.create("x"))).isEmpty();
    assertThat(S3Failure.of(PATH, new IOException("x"))).isEmpty();
  }
}
