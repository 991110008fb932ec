package dev.millrace.pipelines.s3;

import org.apache.beam.sdk.io.aws2.common.ClientBuilderFactory;
import org.apache.beam.sdk.io.aws2.options.S3ClientBuilderFactory;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The client of Beam's file system for S3, as Beam makes it, with the checksums that it was written
 * for. Since 2.30 the SDK adds a CRC32 to each part of an upload, in a form of its own, though Beam
 * gives the part's MD5; and of what must have a checksum, an MD5 no longer. Other stores know
 * neither. What is read is checked by whatever checksum the store has of it.
 *
 * <p>Public, with a constructor for Beam, which makes it on each worker.
 */
public final class S3Access implements S3ClientBuilderFactory {

  @Override
  public S3ClientBuilder createBuilder(S3Options options) {
    return ClientBuilderFactory.getFactory(options)
        .create(S3Client.builder(), options)
        .forcePathStyle(options.as(S3AccessOptions.class).getS3PathStyle())
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .addPlugin(LegacyMd5Plugin.create());
  }
}
