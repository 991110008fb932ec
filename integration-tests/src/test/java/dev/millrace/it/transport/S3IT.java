package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.FreePort;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Payments in a bucket, decided into the same: by the login that the process has. */
class S3IT {

  private static final int PAYMENTS = 240;
  private static final int CUSTOMERS = 7;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> LOGIN = List.of("aws.accessKeyId", "aws.secretAccessKey");

  @TempDir private static Path servers;
  private static S3Server s3;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    LOGIN.forEach(each -> System.setProperty(each, "test"));
    s3 = S3Server.start(servers.resolve("s3"));
  }

  @AfterAll
  static void stop() throws IOException {
    LOGIN.forEach(System::clearProperty);
    s3.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK"})
  void objects_are_read_to_their_end_and_decided_into_objects_of_their_windows(Runner runner)
      throws Exception {
    String in = runner.word() + "/in/";
    s3.put(in + "a.jsonl", JsonPayments.payments(0, 100));
    s3.putCompressed(in + "b.jsonl.gz", JsonPayments.payments(100, PAYMENTS));
    s3.put(in + "c.jsonl", List.of("{\"id\":"));
    s3.put(in + "c.txt", List.of("none of these"));
    s3.put(runner.word() + "/customers.csv", customers());
    Path file =
        spec("files: { path: \"s3://bank/%s*.jsonl*\" }".formatted(in), runner.word() + "/out");
    lookUp(file, "s3://bank/%s/customers.csv".formatted(runner.word()));
    Launched.toTheEnd(Launched.read(file), runner, options(s3.endpoint()));
    assertThat(decided(runner.word() + "/out/decisions/")).isEqualTo(each(PAYMENTS));
    for (String key : s3.keys(runner.word() + "/out/decisions/")) {
      assertThat(key)
          .matches(
              ".*/date=2026-03-01/20260301T1000(00|20|40)Z-202603\\d\\dT10\\d{4}Z-[01]-of-2-[0-9a-f]{16}\\.avro");
      assertThat(s3.records(key))
          .allSatisfy(
              decision -> {
                int number = Integer.parseInt(decision.get("event_id").toString().substring(2));
                assertThat(decision.get("decision")).hasToString(JsonPayments.decision(number));
                assertThat(decision.get("tier")).hasToString("tier-" + number % CUSTOMERS);
              });
    }
    List<String> letters = s3.keys(runner.word() + "/out/letters/");
    assertThat(letters).hasSize(1);
    assertThat(s3.records(letters.get(0)))
        .singleElement()
        .satisfies(
            letter ->
                assertThat(DeadLetterAvro.fromRecord(letter).payload())
                    .isEqualTo("{\"id\":".getBytes(UTF_8)));
  }

  @Test
  void objects_that_come_below_a_watched_prefix_are_decided_once() throws Exception {
    String from = "files: { path: \"s3://bank/watched/*.jsonl\", watch: 500ms }";
    PipelineSpec spec =
        Launched.read(
            spec(from, "watched/out"), "to.files.window=5s", "deadLetters.files.window=5s");
    PipelineResult running = Launched.run(spec, Runner.FLINK, options(s3.endpoint()));
    try {
      s3.put("watched/a.jsonl", JsonPayments.payments(0, 100));
      await("watched/out/decisions/", 100);
      s3.put("watched/b.jsonl", JsonPayments.payments(100, 180));
      // Again, under another name: only the events' ids tell.
      s3.put("watched/c.jsonl", JsonPayments.payments(100, PAYMENTS));
      await("watched/out/decisions/", PAYMENTS);
      assertThat(decided("watched/out/decisions/")).isEqualTo(each(PAYMENTS));
      assertThat(s3.keys("watched/out/letters/")).isEmpty();
    } finally {
      running.cancel();
    }
  }

  @Test
  void decisions_of_what_has_an_end_are_one_object() throws Exception {
    s3.put("one/a.jsonl", JsonPayments.payments(0, PAYMENTS));
    Path file =
        JsonPayments.write(
            folder,
            "files: { path: \"s3://bank/one/a.jsonl\" }",
            "{ files: { path: \"s3://bank/one/decisions.avro\" } }",
            "{ files: { path: \"s3://bank/one/letters.avro\" } }");
    Launched.toTheEnd(Launched.read(file), Runner.DIRECT, options(s3.endpoint()));
    assertThat(s3.keys("one/"))
        .containsExactly("one/a.jsonl", "one/decisions.avro", "one/letters.avro");
    assertThat(decided("one/decisions.avro")).isEqualTo(each(PAYMENTS));
  }

  /** What pipelines do with small files, with one of three parts. */
  @Test
  void large_file_is_written_in_parts_renamed_and_read_from_its_middle() throws Exception {
    FileSystems.setDefaultPipelineOptions(
        RunnerArguments.of(Runner.DIRECT, options(s3.endpoint()).toArray(String[]::new)).options());
    byte[] bytes = new byte[20 << 20];
    new Random(1).nextBytes(bytes);
    ResourceId hidden = FileSystems.matchNewResource("s3://bank/large/.a=1", false);
    ResourceId named = FileSystems.matchNewResource("s3://bank/large/a=1", false);
    try (WritableByteChannel out = FileSystems.create(hidden, "application/octet-stream")) {
      assertThat(out.write(ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
    }
    FileSystems.rename(List.of(hidden), List.of(named));
    assertThat(s3.keys("large/")).containsExactly("large/a=1");
    Metadata found = FileSystems.match("s3://bank/**/a=?").metadata().get(0);
    assertThat(found.resourceId()).isEqualTo(named);
    assertThat(found.sizeBytes()).isEqualTo(bytes.length);
    try (SeekableByteChannel in = (SeekableByteChannel) FileSystems.open(named)) {
      InputStream all = Channels.newInputStream(in);
      assertThat(all.readNBytes(bytes.length)).isEqualTo(bytes);
      in.position(bytes.length - 1_000);
      assertThat(all.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 1_000, bytes.length));
    }
    FileSystems.delete(List.of(named));
    assertThat(s3.keys("large/")).isEmpty();
  }

  @Test
  void what_is_not_there_is_told_at_launch_with_its_place() throws Exception {
    s3.put("there/a.jsonl", JsonPayments.payments(0, 1));
    Path file = spec("files: { path: \"s3://bank/there/*.jsonl\" }", "there/out");
    String noBucket = "found NoSuchBucket (The specified bucket does not exist.), expected bucket";
    launching(file, "events.from.files.path=s3://bnak/*.jsonl")
        .hasMessageContaining("files 's3://bnak/*.jsonl': " + noBucket)
        .hasMessageContaining("'bnak' to be there: aws s3 mb s3://bnak makes one");
    launching(file, "events.from.files.path=s3://bnak/a.jsonl").hasMessageContaining(noBucket);
    launching(file, "events.from.files.path=s3://bank/b.jsonl")
        .hasMessageContaining(
            "files 's3://bank/b.jsonl': found no such file, expected at least one");
    launching(file, "to.files.path=s3://bnak/out")
        .hasMessageContaining("files 's3://bnak/out/': " + noBucket);
    launching(file, "deadLetters.files={path: s3://bnak/letters.avro}")
        .hasMessageContaining("files 's3://bnak/': " + noBucket);
    lookUp(file, "s3://bnak/customers.csv");
    launching(file)
        .hasMessageContaining("payments.yaml:17:13: files 's3://bnak/customers.csv': " + noBucket);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | InvalidAccessKeyId | expected credentials that it knows: AWS_ACCESS_KEY_ID",
        "403 | AccessDenied | expected who may s3:ListBucket of 'bank' and, to read, s3:GetObject",
        "301 | PermanentRedirect | expected the region of bucket 'bank', eu-west-2: --awsRegion"
      })
  void what_is_refused_is_told_at_launch_with_its_remedy(int status, String code, String remedy)
      throws Exception {
    HttpServer refusing =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] answer =
        "<Error><Code>%s</Code><Message>No.</Message></Error>".formatted(code).getBytes(UTF_8);
    refusing.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-west-2");
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    refusing.start();
    try {
      refused("http://127.0.0.1:" + refusing.getAddress().getPort())
          .hasMessageContaining("found %s (No.), %s".formatted(code, remedy));
    } finally {
      refusing.stop(0);
    }
  }

  @Test
  void server_that_is_away_is_told_at_launch() throws Exception {
    refused("http://127.0.0.1:" + FreePort.pick())
        .hasMessageContaining("payments.yaml:4:20: files 's3://bank/*.jsonl': found no answer from")
        .hasMessageContaining("expected one: is it reachable, is the region right");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String endpoint)
      throws IOException {
    PipelineSpec spec =
        Launched.read(spec("files: { path: \"s3://bank/*.jsonl\" }", "refused/out"));
    return assertThatThrownBy(() -> Launched.toTheEnd(spec, Runner.DIRECT, options(endpoint)))
        .isInstanceOf(SpecException.class);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> launching(
      Path file, String... overrides) {
    return assertThatThrownBy(
            () ->
                Launched.toTheEnd(
                    Launched.read(file, overrides), Runner.DIRECT, options(s3.endpoint())))
        .isInstanceOf(SpecException.class);
  }

  private static List<String> options(String endpoint) {
    return List.of("--endpoint=" + endpoint, "--awsRegion=eu-west-1");
  }

  private Path spec(String from, String out) throws IOException {
    String windows = "{ files: { path: \"s3://bank/%s/%s\", window: 20s, shards: %d } }";
    return JsonPayments.write(
        folder, from, windows.formatted(out, "decisions", 2), windows.formatted(out, "letters", 1));
  }

  private static void lookUp(Path file, String path) throws IOException {
    Files.writeString(
        file,
        """
        lookup:
          - key: customer
            from: { files: { path: "%s", key: id } }
            columns: { tier: { string: tier } }
        """
            .formatted(path),
        StandardOpenOption.APPEND);
  }

  private static List<String> customers() {
    return Stream.concat(
            Stream.of("id,tier"),
            IntStream.range(0, CUSTOMERS).mapToObj(i -> "c-%d,tier-%d".formatted(i, i)))
        .toList();
  }

  /** Waits for so many different payments. */
  private static void await(String prefix, int different) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (decided(prefix).size() < different) {
      assertThat(System.nanoTime()).as("time for %d", different).isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  /** How often each payment is decided in objects that are there for readers. */
  private static Map<String, Integer> decided(String prefix) throws IOException {
    List<GenericRecord> records = new ArrayList<>();
    for (String key : s3.keys(prefix)) {
      if (!key.contains("/.")) {
        records.addAll(s3.records(key));
      }
    }
    Map<String, Integer> times = new TreeMap<>();
    records.forEach(record -> times.merge(record.get("event_id").toString(), 1, Integer::sum));
    return times;
  }

  private static Map<String, Integer> each(int payments) {
    Map<String, Integer> each = new TreeMap<>();
    JsonPayments.expected(payments).keySet().forEach(id -> each.put(id, 1));
    return each;
  }
}
