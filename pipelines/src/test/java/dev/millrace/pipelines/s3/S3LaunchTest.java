package dev.millrace.pipelines.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.common.ReflectHelpers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;

class S3LaunchTest {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModules(ObjectMapper.findModules(ReflectHelpers.findClassLoader()));

  @AfterEach
  void forgetTheRegion() {
    System.clearProperty("aws.region");
  }

  @Test
  void workers_have_what_the_launcher_was_told_and_no_login() throws IOException {
    System.setProperty("aws.region", "eu-west-1");
    PipelineOptions launched = options("--endpoint=http://store:9000");
    S3Launch.prepare(launched, Map.of("endpoint", "http://store:9000"));
    FileSystems.setDefaultPipelineOptions(launched);
    String sent = JSON.writeValueAsString(launched);
    S3AccessOptions worker = JSON.readValue(sent, PipelineOptions.class).as(S3AccessOptions.class);
    assertThat(worker.getAwsRegion()).isEqualTo(Region.EU_WEST_1);
    assertThat(worker.getEndpoint()).hasToString("http://store:9000");
    assertThat(worker.getS3PathStyle()).isTrue();
    assertThat(worker.getS3ClientFactoryClass()).isEqualTo(S3Access.class);
    assertThat(worker.getS3UploadBufferSizeBytes()).isEqualTo(8 << 20);
    assertThat(sent).contains("{\"@type\":\"DefaultCredentialsProvider\"}");
  }

  @Test
  void region_that_nobody_tells_is_left_to_the_workers() throws IOException {
    PipelineOptions launched = options();
    S3Launch.prepare(launched, Map.of());
    String sent = JSON.writeValueAsString(launched);
    // As an option that is set it is not looked for again, neither here nor there.
    assertThat(sent).contains("\"awsRegion\":null");
    S3AccessOptions worker = JSON.readValue(sent, PipelineOptions.class).as(S3AccessOptions.class);
    assertThat(worker.getAwsRegion()).isNull();
    assertThat(worker.getS3PathStyle()).isFalse();
  }

  @Test
  void what_is_given_is_left_as_it_is() {
    PipelineOptions launched =
        options(
            "--awsRegion=us-east-2",
            "--s3UploadBufferSizeBytes=5242880",
            "--s3PathStyle=false",
            "--endpoint=http://store:9000");
    S3Launch.prepare(
        launched, Map.of("awsRegion", "us-east-2", "s3UploadBufferSizeBytes", "5242880"));
    S3AccessOptions access = launched.as(S3AccessOptions.class);
    assertThat(access.getAwsRegion()).isEqualTo(Region.US_EAST_2);
    assertThat(access.getS3UploadBufferSizeBytes()).isEqualTo(5_242_880);
    assertThat(access.getS3PathStyle()).isFalse();
  }

  /** Beam writes some of them by their private fields, which another SDK may name otherwise. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--awsCredentialsProvider={\"@type\":\"ProfileCredentialsProvider\",\"profileName\":\"bank\"} | \"profileName\":\"bank\"",
        "--awsCredentialsProvider={\"@type\":\"EnvironmentVariableCredentialsProvider\"} | EnvironmentVariableCredentialsProvider",
        "--awsCredentialsProvider={\"@type\":\"ContainerCredentialsProvider\"} | ContainerCredentialsProvider",
        "--awsCredentialsProvider={\"@type\":\"StsAssumeRoleCredentialsProvider\",\"roleArn\":\"arn:aws:iam::1:role/r\",\"roleSessionName\":\"s\"} | \"roleArn\":\"arn:aws:iam::1:role/r\"",
        "--httpClientConfiguration={\"socketTimeout\":1000} | \"socketTimeout\":1000"
      })
  void options_of_beam_come_through_to_the_workers(String option, String written)
      throws IOException {
    System.setProperty("aws.region", "eu-west-1");
    String sent = JSON.writeValueAsString(options(option));
    assertThat(sent).contains(written);
    PipelineOptions worker = JSON.readValue(sent, PipelineOptions.class);
    assertThatCode(() -> new S3Access().createBuilder(worker.as(S3Options.class)).build().close())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "awsCredentialsProvider | {\"@type\":\"StaticCredentialsProvider\",\"accessKeyId\":\"k\",\"secretAccessKey\":\"hush\"}",
        "awsCredentialsProvider | {\"@type\":\"StsAssumeRoleWithWebIdentityCredentialsProvider\",\"webIdentityToken\":\"hush\"}",
        "proxyConfiguration | {\"endpoint\":\"http://p\",\"username\":\"u\",\"password\":\"hush\"}",
        "SSECustomerKey | {\"key\":\"hush\",\"algorithm\":\"AES256\"}"
      })
  void what_may_not_be_among_the_options_is_refused_and_no_secret_repeated(
      String option, String value) {
    assertThatThrownBy(() -> S3Launch.check(Map.of(option, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--" + option + ": found a ")
        .hasMessageContaining(", expected ")
        .hasMessageNotContaining("hush");
  }

  private static PipelineOptions options(String... arguments) {
    return PipelineOptionsFactory.fromArgs(arguments).create();
  }
}
