package dev.millrace.pipelines.s3;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/** What a launch gives Beam's file system for S3 beside what a person gives it by options. */
public final class S3Launch {

  /**
   * A part of an upload. A buffer of this size is made for each file, however small, and as many
   * files as there are tasks are written at once; Beam's 64 MB of each are more than a heap has. A
   * file has 10,000 parts at most: 80 GB.
   */
  private static final int PART_BYTES = 8 << 20;

  private static final AwsRegionProvider OF_THIS_PROCESS =
      new AwsRegionProviderChain(
          new SystemSettingsRegionProvider(), new AwsProfileRegionProvider());

  private static final Pattern SECRET =
      Pattern.compile("secretAccessKey|sessionToken|webIdentityToken");

  private static final String SHOWN = "a secret, which everybody could read who sees the job";

  private S3Launch() {}

  /**
   * Sets what is not {@code given}, by name. The workers are given the region that this process is
   * told to be in; where it is told none, each asks its own machine, and only when it comes to S3:
   * Beam would ask the network for it at every launch of any pipeline.
   */
  public static void prepare(PipelineOptions options, Map<String, String> given) {
    S3AccessOptions access = options.as(S3AccessOptions.class);
    if (!given.containsKey("s3ClientFactoryClass")) {
      access.setS3ClientFactoryClass(S3Access.class);
    }
    if (!given.containsKey("s3UploadBufferSizeBytes")) {
      access.setS3UploadBufferSizeBytes(PART_BYTES);
    }
    if (!given.containsKey("awsRegion")) {
      access.setAwsRegion(region());
    }
  }

  private static @Nullable Region region() {
    try {
      return OF_THIS_PROCESS.getRegion();
    } catch (SdkClientException e) {
      return null;
    }
  }

  /**
   * Looks for what may not be among options: secrets, which a job shows to everybody who sees it,
   * and a proxy, which Beam cannot hand to workers as the SDK of today has it.
   *
   * @throws IllegalArgumentException with what to do instead, and without the secret
   */
  public static void check(Map<String, String> given) {
    if (SECRET.matcher(given.getOrDefault("awsCredentialsProvider", "")).find()) {
      throw refused(
          "awsCredentialsProvider",
          SHOWN,
          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the workers' environment, a profile, or the role of a pod or an instance");
    }
    if (given.containsKey("SSECustomerKey")) {
      throw refused("SSECustomerKey", SHOWN, "--SSEKMSKeyId, which names a key, or --SSEAlgorithm");
    }
    if (given.containsKey("proxyConfiguration")) {
      throw refused(
          "proxyConfiguration",
          "a proxy among the options, which do not reach the workers so",
          "HTTPS_PROXY in the environment of the launcher and the workers, or -Dhttps.proxyHost");
    }
  }

  private static IllegalArgumentException refused(String option, String found, String expected) {
    return new IllegalArgumentException(
        "--%s: found %s, expected %s".formatted(option, found, expected));
  }
}
