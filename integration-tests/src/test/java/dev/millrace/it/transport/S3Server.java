package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.it.services.OwnServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Adobe's S3Mock with a bucket {@code bank}, and a client of its own beside the pipelines'. It
 * takes every login for a good one, and does not look at the checksum of a part.
 */
final class S3Server extends OwnServer {

  static final String BUCKET = "bank";

  private static final Path HOME =
      Path.of(System.getProperty("millrace.root"))
          .resolve("integration-tests/target/s3mock/BOOT-INF");

  /** It would listen to the network, beside what it is told: it is left that. */
  private static final String LOOPBACK_ONLY =
      """
      import com.adobe.testing.s3mock.S3MockApplication;
      import org.springframework.beans.factory.config.BeanPostProcessor;
      import org.springframework.boot.builder.SpringApplicationBuilder;
      import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;

      class LoopbackOnly implements BeanPostProcessor {
        public static void main(String[] arguments) {
          new SpringApplicationBuilder(S3MockApplication.class)
              .initializers(all -> all.getBeanFactory().addBeanPostProcessor(new LoopbackOnly()))
              .run(arguments);
        }

        @Override
        public Object postProcessBeforeInitialization(Object bean, String name) {
          if (bean instanceof TomcatServletWebServerFactory server) {
            server.getAdditionalTomcatConnectors().clear();
          }
          return bean;
        }
      }
      """;

  private final Path folder;
  private final S3Client client;

  private S3Server(Path folder) throws IOException {
    super("s3mock", folder);
    this.folder = folder;
    this.client =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint()))
            .forcePathStyle(true)
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build();
  }

  static S3Server start(Path folder) throws Exception {
    S3Server server = new S3Server(Files.createDirectories(folder));
    server.start();
    return server;
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  void put(String key, List<String> lines) {
    put(key, String.join("\n", lines).getBytes(UTF_8));
  }

  void putCompressed(String key, List<String> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(String.join("\n", lines).getBytes(UTF_8));
    }
    put(key, bytes.toByteArray());
  }

  private void put(String key, byte[] bytes) {
    client.putObject(to -> to.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
  }

  /** Those below a prefix, by name. */
  List<String> keys(String prefix) {
    return client.listObjectsV2Paginator(in -> in.bucket(BUCKET).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .sorted()
        .toList();
  }

  /** The records of an Avro object. */
  List<GenericRecord> records(String key) throws IOException {
    List<GenericRecord> records = new ArrayList<>();
    try (DataFileStream<GenericRecord> all =
        new DataFileStream<>(
            client.getObject(from -> from.bucket(BUCKET).key(key)), new GenericDatumReader<>())) {
      all.forEach(records::add);
    }
    return records;
  }

  @Override
  protected List<String> command() throws IOException {
    Path main = Files.writeString(folder.resolve("LoopbackOnly.java"), LOOPBACK_ONLY);
    String property = "--com.adobe.testing.s3mock.store.";
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx384m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--class-path=%s:%s".formatted(HOME.resolve("classes"), HOME.resolve("lib/*")),
        main.toString(),
        "--server.address=127.0.0.1",
        "--server.port=" + port,
        property + "root=" + Files.createDirectories(folder.resolve("buckets")),
        property + "initialBuckets=" + BUCKET,
        property + "region=eu-west-1");
  }

  @Override
  protected String signal() {
    return "TERM";
  }

  @Override
  protected void ask() {
    var unused = client.headBucket(to -> to.bucket(BUCKET));
  }

  @Override
  public void close() throws IOException {
    client.close();
    super.close();
  }
}
