package dev.millrace.it.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream of payments from a broker into files of twenty seconds of their time each. */
class FilesIT {

  private static final int PAYMENTS = 240;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private PaymentTopic payments;

  @BeforeEach
  void start() throws IOException {
    payments = new PaymentTopic(folder.resolve("kafka"));
  }

  @AfterEach
  void stop() {
    payments.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK"})
  void every_decision_is_in_one_file_of_its_window_also_when_it_is_late(Runner runner)
      throws Exception {
    PipelineResult running = launch(runner);
    try {
      payments.send("{\"id\":");
      payments.send(0, PAYMENTS / 2);
      await(PAYMENTS / 2);
      // By now the time of all these windows is over.
      payments.send(PAYMENTS / 2, PAYMENTS);
      Map<String, Integer> times = await(PAYMENTS);
      assertThat(times).isEqualTo(each(PAYMENTS));
      for (Path file : files("decisions")) {
        String name = file.getFileName().toString();
        assertThat(file.getParent()).hasFileName("date=2026-03-01");
        assertThat(name)
            .matches(
                "20260301T1000(00|20|40)Z-202603\\d\\dT10\\d{4}Z-[01]-of-2-[0-9a-f]{16}\\.avro");
        int from = Integer.parseInt(name.substring(13, 15));
        assertThat(records(file))
            .allSatisfy(
                record -> {
                  int number = Integer.parseInt(record.get("event_id").toString().substring(2));
                  assertThat(number % 60).isBetween(from, from + 19);
                  assertThat(record.get("decision").toString())
                      .isEqualTo(JsonPayments.decision(number));
                });
      }
      List<GenericRecord> letters = awaitLetters();
      assertThat(letters).hasSize(1);
      assertThat(DeadLetterAvro.fromRecord(letters.get(0)).payload())
          .isEqualTo("{\"id\":".getBytes(UTF_8));
    } finally {
      running.cancel();
    }
  }

  @Test
  void files_that_come_to_a_watched_folder_are_decided_once_and_a_damaged_one_stops_nothing()
      throws Exception {
    Path in = Files.createDirectory(folder.resolve("in"));
    moveInto(in, "a.jsonl.gz", whole(0, 100));
    String from = "files: { path: \"%s/*.jsonl.gz\", watch: 500ms }".formatted(in);
    PipelineResult running = launchFrom(from, Runner.FLINK);
    try {
      await(100);
      byte[] b = whole(100, 180);
      moveInto(in, "b.jsonl.gz", Arrays.copyOf(b, b.length / 2));
      // What is still being written is not read.
      Files.writeString(in.resolve(".c.jsonl.gz"), "{\"id\":");
      DeadLetter letter = DeadLetterAvro.fromRecord(awaitLetters().get(0));
      assertThat(letter.stage()).isEqualTo(Stage.DECODE);
      assertThat(letter.reason()).isEqualTo(Reason.MALFORMED);
      assertThat(letter.origin().source()).isEqualTo(in.resolve("b.jsonl.gz").toString());
      assertThat(letter.message())
          .startsWith(
              "%s, after record %d: bytes "
                  .formatted(letter.origin().source(), letter.origin().position() - 1))
          .contains(" to the end: found nothing more that can be decompressed (");
      // Read again, as it is another now.
      moveInto(in, "b.jsonl.gz", b);
      await(180);
      // Again, under another name: only the events' ids tell.
      moveInto(in, "d.jsonl.gz", whole(100, PAYMENTS));
      assertThat(await(PAYMENTS)).isEqualTo(each(PAYMENTS));
      assertThat(awaitLetters()).hasSize(1);
    } finally {
      running.cancel();
    }
  }

  private static byte[] whole(int from, int to) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      for (String payment : JsonPayments.payments(from, to)) {
        out.write((payment + "\n").getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /** Written beside, and renamed, as files come to be read. */
  private static void moveInto(Path in, String name, byte[] content) throws IOException {
    Path hidden = Files.write(in.resolve("." + name + ".part"), content);
    Files.move(hidden, in.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void no_decision_is_missing_when_a_worker_was_killed() throws Exception {
    try (FlinkCluster cluster = FlinkCluster.in(folder.resolve("flink")).start()) {
      launch(Runner.FLINK, "--flinkMaster=" + cluster.address(), "--checkpointingInterval=1000");
      FlinkJob job = FlinkJob.newest(cluster.rest(), "card-fraud").orElseThrow();
      job.awaitRunning(PATIENCE);
      payments.send(0, PAYMENTS / 2);
      await(1);
      cluster.taskManager(0).kill();
      cluster.taskManager(0).restart();
      job.awaitRunning(PATIENCE);
      payments.send(PAYMENTS / 2, PAYMENTS);
      Map<String, Integer> times = await(PAYMENTS);
      int all = times.values().stream().mapToInt(Integer::intValue).sum();
      System.out.printf(
          "a kill: %d payments, %d records in %d files%n",
          PAYMENTS, all, files("decisions").size());
      assertThat(times.keySet()).isEqualTo(each(PAYMENTS).keySet());
      job.cancel();
    }
  }

  /** Waits for so many different payments; how often each is in a file. */
  private Map<String, Integer> await(int different) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Map<String, Integer> times = new TreeMap<>();
      for (Path file : files("decisions")) {
        records(file).forEach(r -> times.merge(r.get("event_id").toString(), 1, Integer::sum));
      }
      if (times.size() >= different) {
        return times;
      }
      assertThat(System.nanoTime())
          .as("time in which %d of %d came", times.size(), different)
          .isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  /** Waits for a dead letter; all that there are. */
  private List<GenericRecord> awaitLetters() throws InterruptedException {
    List<GenericRecord> letters = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (letters.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(100);
      for (Path file : files("letters")) {
        letters.addAll(records(file));
      }
    }
    assertThat(letters).isNotEmpty();
    return letters;
  }

  private static Map<String, Integer> each(int payments) {
    Map<String, Integer> each = new TreeMap<>();
    IntStream.range(0, payments).forEach(i -> each.put("p-" + i, 1));
    return each;
  }

  private List<Path> files(String name) {
    Path in = folder.resolve(name);
    if (!Files.exists(in)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(in)) {
      return all.filter(file -> file.toString().endsWith(".avro")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<GenericRecord> records(Path file) {
    List<GenericRecord> records = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      reader.forEach(records::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }

  private PipelineResult launch(Runner runner, String... more) throws IOException {
    return launchFrom(payments.from(), runner, more);
  }

  private PipelineResult launchFrom(String from, Runner runner, String... more) throws IOException {
    String windows = "{ files: { path: %s, window: %s, shards: %d } }";
    Path file =
        JsonPayments.write(
            folder,
            from,
            windows.formatted(folder.resolve("decisions"), "20s", 2),
            windows.formatted(folder.resolve("letters"), "1s", 1));
    PipelineSpec spec = Launched.read(file);
    return Launched.run(spec, runner, List.of(more));
  }
}
