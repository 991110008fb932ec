package dev.millrace.pipelines.spec;

import org.jspecify.annotations.Nullable;

/**
 * Where in AWS something is, and as whom it is read and written.
 *
 * @param region as {@code eu-west-1}
 * @param endpoint an address in the place of the region's own; null for that
 * @param keys null for what the machine's environment, profile or role says
 * @param role the ARN of a role to assume; null for none
 */
public record AwsAccess(
    String region, @Nullable String endpoint, @Nullable Keys keys, @Nullable String role) {

  /**
   * Of a user of AWS.
   *
   * @param accessKey where it is to be had, as {@code secret:env:NAME}
   * @param secretKey where it is to be had
   */
  public record Keys(String accessKey, String secretKey) {}

  public AwsAccess {
    if (!region.matches("[a-z]{2,}(-[a-z]+)+-[0-9]+")) {
      throw new IllegalArgumentException(
          "found region '%s', expected one as eu-west-1".formatted(region));
    }
    if (endpoint != null && !endpoint.matches("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?")) {
      throw new IllegalArgumentException(
          "found endpoint '%s', expected https://HOST, or http://HOST:PORT".formatted(endpoint));
    }
    if (role != null && !role.matches("arn:[^:]+:iam::[0-9]+:role/.+")) {
      throw new IllegalArgumentException(
          "found role '%s', expected arn:aws:iam::ACCOUNT:role/NAME".formatted(role));
    }
  }

  /** As the machine's environment, profile or role says. */
  public static AwsAccess in(String region) {
    return new AwsAccess(region, null, null, null);
  }

  /** The same login; an endpoint is of one region. */
  public AwsAccess inRegion(String other) {
    return new AwsAccess(other, null, keys, role);
  }

  public AwsAccess at(String address) {
    return new AwsAccess(region, address, keys, role);
  }

  /** As this user, and as no role. */
  public AwsAccess as(@Nullable Keys user) {
    return new AwsAccess(region, endpoint, user, null);
  }

  public AwsAccess assuming(String assumed) {
    return new AwsAccess(region, endpoint, keys, assumed);
  }
}
