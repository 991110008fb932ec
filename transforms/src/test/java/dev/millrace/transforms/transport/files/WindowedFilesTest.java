package dev.millrace.transforms.transport.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is in which file, as records and the watermark come. Five minutes each, from 07:00 on. */
@ExtendWith(TestPipelineExtension.class)
class WindowedFilesTest {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              "{\"type\":\"record\",\"name\":\"Word\",\"fields\":[{\"name\":\"word\",\"type\":\"string\"}]}");
  private static final org.joda.time.Instant SEVEN = at("2026-11-28T07:00:00Z");
  private static final String FIRST = "date=2026-11-28/20261128T070000Z-20261128T070500Z-0-of-1";
  private static final String SECOND = "date=2026-11-28/20261128T070500Z-20261128T071000Z-0-of-1";

  @TempDir private Path folder;

  @Test
  void each_window_is_one_file_and_nothing_else_is_left(TestPipeline pipeline) throws IOException {
    run(
        pipeline,
        stream()
            .advanceWatermarkTo(SEVEN)
            .addElements(word("a", 0), word("b", 299))
            .addElements(word("c", 300), word("d", 1))
            .advanceWatermarkToInfinity());
    assertThat(words()).isEqualTo(Map.of(FIRST, Set.of("a b d"), SECOND, Set.of("c")));
  }

  @Test
  void what_comes_late_is_another_file_of_its_window(TestPipeline pipeline) throws IOException {
    run(
        pipeline,
        stream()
            .advanceWatermarkTo(SEVEN)
            .addElements(word("a", 0))
            .advanceWatermarkTo(seconds(301))
            .addElements(word("late", 1))
            .addElements(word("later", 2))
            .advanceWatermarkTo(seconds(360))
            .addElements(word("in time", 310), word("latest", 3))
            .advanceWatermarkTo(seconds(362))
            .addElements(word("too late for latest", 4))
            .advanceWatermarkToInfinity());
    assertThat(words())
        .isEqualTo(
            Map.of(
                FIRST,
                Set.of("a", "late later latest", "too late for latest"),
                SECOND,
                Set.of("in time")));
  }

  @Test
  void nothing_is_too_late(TestPipeline pipeline) throws IOException {
    run(
        pipeline,
        stream()
            .advanceWatermarkTo(SEVEN.plus(org.joda.time.Duration.standardDays(400)))
            .addElements(word("a year", 0))
            .advanceWatermarkToInfinity());
    assertThat(words()).isEqualTo(Map.of(FIRST, Set.of("a year")));
  }

  @Test
  void file_is_there_before_the_stream_ends(TestPipeline pipeline) throws IOException {
    run(
        pipeline,
        stream()
            .advanceWatermarkTo(SEVEN)
            .addElements(word("a", 0))
            .advanceWatermarkTo(seconds(300))
            .addElements(word("b", 0))
            .advanceWatermarkToInfinity());
    assertThat(words().get(FIRST)).containsExactly("a", "b");
  }

  @Test
  void window_that_grows_too_large_is_several_files(TestPipeline pipeline) throws IOException {
    pipeline
        .apply(
            stream()
                .advanceWatermarkTo(SEVEN)
                .addElements(word("1".repeat(30), 0))
                .addElements(word("2".repeat(30), 0))
                .addElements(word("a", 0))
                .advanceWatermarkToInfinity())
        .apply(WindowedFiles.in(folder.toString()).of(SCHEMA).withLargest(100).write());
    pipeline.run();
    assertThat(words().get(FIRST)).containsExactly("1".repeat(30) + " " + "2".repeat(30), "a");
  }

  @Test
  void shards_share_the_records_of_a_window_by_their_keys(TestPipeline pipeline)
      throws IOException {
    TestStream.Builder<KV<byte[], byte[]>> stream = stream().advanceWatermarkTo(SEVEN);
    for (int i = 0; i < 400; i++) {
      stream = stream.addElements(word("w-" + i, i % 300));
    }
    pipeline
        .apply(stream.advanceWatermarkToInfinity())
        .apply(WindowedFiles.in(folder.toString()).of(SCHEMA).withShards(4).write());
    pipeline.run();
    Map<String, Set<String>> words = words();
    assertThat(words.keySet())
        .containsExactlyElementsOf(
            IntStream.range(0, 4).mapToObj(n -> FIRST.replace("0-of-1", n + "-of-4")).toList());
    List<String> all = new ArrayList<>();
    words.values().forEach(files -> all.addAll(List.of(String.join(" ", files).split(" ", -1))));
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 400).mapToObj(i -> "w-" + i).toList());
    assertThat(words.values())
        .allSatisfy(
            files -> assertThat(String.join(" ", files).split(" ", -1)).hasSizeBetween(60, 140));
  }

  @Test
  void file_that_is_written_again_with_the_same_records_takes_its_own_place(TestPipeline pipeline)
      throws IOException {
    for (List<String> order : List.of(List.of("a", "b"), List.of("b", "a"))) {
      TestPipeline again = TestPipeline.create().enableAbandonedNodeEnforcement(false);
      TestStream.Builder<KV<byte[], byte[]>> stream = stream().advanceWatermarkTo(SEVEN);
      for (String word : order) {
        stream = stream.addElements(word(word, 0));
      }
      run(again, stream.advanceWatermarkToInfinity());
    }
    assertThat(words()).isEqualTo(Map.of(FIRST, Set.of("a b")));
    assertThat(files()).hasSize(1);
    pipeline.enableAbandonedNodeEnforcement(false);
  }

  @Test
  void files_of_json_have_a_record_a_line(TestPipeline pipeline) throws IOException {
    pipeline
        .apply(
            stream()
                .advanceWatermarkTo(SEVEN)
                .addElements(word("a", 0))
                .addElements(word("b \"\n", 0))
                .advanceWatermarkToInfinity())
        .apply(
            WindowedFiles.in(folder.toString())
                .of(SCHEMA)
                .withFormat(WrittenFormat.JSON)
                .withWindow(java.time.Duration.ofHours(1))
                .write());
    pipeline.run();
    assertThat(files()).hasSize(1);
    assertThat(files().get(0).toString())
        .contains("/20261128T070000Z-20261128T080000Z-0-of-1-")
        .endsWith(".jsonl");
    assertThat(Files.readString(files().get(0)).lines())
        .containsExactlyInAnyOrder("{\"word\":\"a\"}", "{\"word\":\"b \\\"\\n\"}");
  }

  @Test
  void folder_is_tried_at_launch_and_left_as_it_was() throws IOException {
    assertThatCode(() -> WindowedFiles.in(folder.resolve("new").toString()).check())
        .doesNotThrowAnyException();
    assertThat(files()).isEmpty();
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> WindowedFiles.in(file.toString()).check())
        .hasMessageStartingWith("files '" + file + "/': found none that can be written (")
        .hasMessageEndingWith("expected a folder that can be written to");
  }

  @Test
  void windows_and_shards_that_cannot_be_are_refused() {
    WindowedFiles files = WindowedFiles.in("out");
    assertThatThrownBy(() -> files.withShards(0)).hasMessageContaining("found 0 shards");
    assertThatThrownBy(() -> files.withWindow(java.time.Duration.ofMillis(1_500)))
        .hasMessage("found a window of 1500 ms, expected whole seconds");
  }

  private void run(TestPipeline pipeline, TestStream<KV<byte[], byte[]>> stream) {
    pipeline.apply(stream).apply(WindowedFiles.in(folder.toString()).of(SCHEMA).write());
    pipeline.run();
  }

  private static TestStream.Builder<KV<byte[], byte[]>> stream() {
    return TestStream.create(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()));
  }

  private static TimestampedValue<KV<byte[], byte[]>> word(String word, long seconds) {
    return TimestampedValue.of(KV.of(word.getBytes(UTF_8), avro(word)), seconds(seconds));
  }

  private static byte[] avro(String word) {
    try {
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      org.apache.avro.io.BinaryEncoder encoder =
          org.apache.avro.io.EncoderFactory.get().directBinaryEncoder(out, null);
      encoder.writeString(word);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static org.joda.time.Instant at(String time) {
    return org.joda.time.Instant.ofEpochMilli(Instant.parse(time).toEpochMilli());
  }

  private static org.joda.time.Instant seconds(long seconds) {
    return SEVEN.plus(org.joda.time.Duration.standardSeconds(seconds));
  }

  /** By the part of the name that says window and shard, what each of its files holds. */
  private Map<String, Set<String>> words() throws IOException {
    Map<String, Set<String>> words = new TreeMap<>();
    for (Path file : files()) {
      String name = folder.relativize(file).toString();
      Set<String> inFile = new TreeSet<>();
      try (DataFileReader<GenericRecord> reader =
          new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
        reader.forEach(record -> inFile.add(record.get("word").toString()));
      }
      words
          .computeIfAbsent(name.substring(0, name.lastIndexOf('-')), unseen -> new TreeSet<>())
          .add(String.join(" ", inFile));
    }
    return words;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(f -> !f.endsWith("file")).sorted().toList();
    }
  }
}
