package dev.millrace.it.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is submitted to a cluster, and what of it the cluster has already. */
class JobJarIT {

  private static final Path JAR =
      Path.of(System.getProperty("millrace.root"))
          .resolve("runners-config/flink/target/millrace-flink.jar");

  @Test
  void job_jar_has_all_of_ours_and_nothing_that_a_cluster_loads_once() throws IOException {
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      assertThat(names)
          .contains(
              "dev/millrace/pipelines/cli/Millrace.class",
              "dev/millrace/transforms/history/History.class",
              "org/apache/beam/runners/flink/FlinkRunner.class",
              "software/amazon/awssdk/services/kinesis/KinesisAsyncClient.class",
              "org/apache/beam/runners/flink/UpdateHistoryTranslation.class")
          .noneMatch(name -> name.startsWith("org/apache/flink/"))
          .noneMatch(name -> name.startsWith("org/tensorflow/"))
          .noneMatch(name -> name.startsWith("org/bytedeco/"));
    }
  }

  /** The AWS SDK takes the one that it finds, and refuses to choose between two. */
  @Test
  void job_jar_has_one_http_client_of_each_kind_for_aws() throws IOException {
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      for (String kind : List.of("SdkHttpService", "async.SdkAsyncHttpService")) {
        assertThat(services(jar, "software.amazon.awssdk.http." + kind)).hasSize(1);
      }
    }
  }

  @Test
  void job_jar_knows_s3_and_cloud_storage_and_the_options_of_both() throws IOException {
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      assertThat(services(jar, "org.apache.beam.sdk.io.FileSystemRegistrar"))
          .contains(
              "org.apache.beam.sdk.io.LocalFileSystemRegistrar",
              "org.apache.beam.sdk.io.aws2.s3.S3FileSystemRegistrar",
              "org.apache.beam.sdk.extensions.gcp.storage.GcsFileSystemRegistrar");
      assertThat(services(jar, "org.apache.beam.sdk.io.aws2.s3.S3FileSystemSchemeRegistrar"))
          .hasSize(1);
      assertThat(services(jar, "org.apache.beam.sdk.options.PipelineOptionsRegistrar"))
          .contains("dev.millrace.pipelines.s3.S3AccessOptions$Registrar");
      assertThat(services(jar, "com.fasterxml.jackson.databind.Module"))
          .contains("org.apache.beam.sdk.io.aws2.options.AwsModule");
    }
  }

  private static List<String> services(ZipFile jar, String of) throws IOException {
    ZipEntry entry = jar.getEntry("META-INF/services/" + of);
    return new String(jar.getInputStream(entry).readAllBytes(), UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }
}
