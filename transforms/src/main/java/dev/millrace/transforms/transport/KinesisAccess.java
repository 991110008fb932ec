package dev.millrace.transforms.transport;

import dev.millrace.transforms.secret.Secret;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * How Kinesis is reached, and as whom: by AWS' default chain (environment, profile, pod, instance)
 * unless keys are given, and as a role where one is to be assumed. No secret is held here: keys are
 * references, which are read on the worker each time that a request is signed.
 *
 * @param endpoint where not at the region's own: a VPC endpoint, or a server for tests; null for it
 * @param keys null for the default chain
 * @param role the ARN of a role to assume; null for none
 */
public record KinesisAccess(
    String region, @Nullable String endpoint, @Nullable Keys keys, @Nullable String role)
    implements Serializable {

  /** Each where it is to be had. */
  public record Keys(Secret accessKey, Secret secretKey) implements Serializable {}

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ATTEMPT = Duration.ofSeconds(10);
  private static final Duration CALL = Duration.ofSeconds(30);
  private static final String SESSION = "millrace";

  /** In a region, by the default chain. */
  public static KinesisAccess of(String region) {
    return new KinesisAccess(region, null, null, null);
  }

  /** A client for requests and answers; whoever asks for it closes it. */
  public KinesisAsyncClient client() {
    return builder(Protocol.HTTP1_1)
        .overrideConfiguration(each -> each.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
        .build();
  }

  /** A client for subscriptions, whose answers go on for minutes; whoever asks for it closes it. */
  public KinesisAsyncClient subscribingClient() {
    return builder(Protocol.HTTP2).build();
  }

  private KinesisAsyncClientBuilder builder(Protocol protocol) {
    KinesisAsyncClientBuilder builder =
        KinesisAsyncClient.builder()
            .region(Region.of(region))
            .credentialsProvider(credentials())
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder().protocol(protocol).connectionTimeout(CONNECT));
    return endpoint == null ? builder : builder.endpointOverride(URI.create(endpoint));
  }

  private AwsCredentialsProvider credentials() {
    AwsCredentialsProvider own =
        keys == null ? DefaultCredentialsProvider.builder().build() : of(keys);
    if (role == null) {
      return own;
    }
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(StsClient.builder().region(Region.of(region)).credentialsProvider(own).build())
        .refreshRequest(request -> request.roleArn(role).roleSessionName(SESSION))
        .build();
  }

  private static AwsCredentialsProvider of(Keys keys) {
    return () -> AwsBasicCredentials.create(keys.accessKey().value(), keys.secretKey().value());
  }

  /**
   * Asks at launch, and waits for 20 s at most.
   *
   * @param what is asked about, for people: {@code stream 'payments'}
   * @throws IllegalArgumentException with what to do, when the answer is a refusal, or none
   */
  public <T> T ask(String what, Function<KinesisAsyncClient, T> question) {
    try {
      return LaunchQuestion.ask(
          what,
          () -> {
            try (KinesisAsyncClient client = client()) {
              return question.apply(client);
            }
          });
    } catch (ExecutionException e) {
      throw new IllegalArgumentException(KinesisFailure.of(what, this, e), e);
    } catch (TimeoutException e) {
      throw new IllegalArgumentException(
          KinesisFailure.noAnswer(
              what, this, "in %d s".formatted(LaunchQuestion.PATIENCE.toSeconds())),
          e);
    }
  }
}
