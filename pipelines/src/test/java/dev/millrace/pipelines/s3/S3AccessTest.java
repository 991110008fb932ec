package dev.millrace.pipelines.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes to a store, seen by one that remembers it. */
class S3AccessTest {

  private static final List<String> LOGIN = List.of("aws.accessKeyId", "aws.secretAccessKey");

  private final Map<String, Headers> requests = new ConcurrentHashMap<>();
  private HttpServer store;

  @BeforeEach
  void start() throws IOException {
    LOGIN.forEach(each -> System.setProperty(each, "test"));
    store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    store.createContext("/", this::answer);
    store.start();
  }

  @AfterEach
  void stop() {
    store.stop(0);
    LOGIN.forEach(System::clearProperty);
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
    String what = exchange.getRequestMethod() + " " + query.replaceFirst("[=&].*", "");
    requests.put(what, exchange.getRequestHeaders());
    assertThat(exchange.getRequestURI().getPath()).startsWith("/bank");
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    byte[] body = "<Answer><UploadId>7</UploadId></Answer>".getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void store_is_sent_the_checksums_that_it_knows_and_the_bucket_in_the_path() throws Exception {
    Map<String, String> given =
        Map.of(
            "endpoint",
            "http://localhost:" + store.getAddress().getPort(),
            "awsRegion",
            "us-east-1");
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs(
                "--endpoint=" + given.get("endpoint"), "--awsRegion=" + given.get("awsRegion"))
            .create();
    S3Launch.prepare(options, given);
    FileSystems.setDefaultPipelineOptions(options);
    ResourceId file = FileSystems.matchNewResource("s3://bank/a", false);
    byte[] bytes = "a decision".getBytes(UTF_8);
    try (WritableByteChannel out = FileSystems.create(file, "text/plain")) {
      assertThat(out.write(ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
    }
    FileSystems.delete(List.of(file));
    assertThat(requests)
        .containsOnlyKeys("POST uploads", "PUT partNumber", "POST uploadId", "POST delete");
    Headers part = requests.getOrDefault("PUT partNumber", new Headers());
    assertThat(part.getFirst("Content-MD5"))
        .isEqualTo(
            Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes)));
    assertThat(part).doesNotContainKeys("X-amz-trailer", "X-amz-sdk-checksum-algorithm");
    assertThat(requests.get("POST delete")).containsKey("Content-MD5");
  }
}
