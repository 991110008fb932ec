package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.Origin;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By a clock that the test sets; what is on the disk is real. */
class WatchedReaderTest {

  private static final long START = 1_800_000_000_000L;
  private static final Duration EVERY = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final AtomicLong now = new AtomicLong(START);

  @Test
  void files_are_read_once_the_oldest_first_and_those_that_come_later_too() throws Exception {
    write("b.jsonl", START - 60_000, "b1", "b2");
    write("a.jsonl", START - 30_000, "a1");
    WatchedReader reader = reader(null);
    assertThat(records(reader)).containsExactly("b1", "b2", "a1");
    write("c.jsonl", START - 20_000, "c1");
    assertThat(records(reader)).isEmpty();
    pass(EVERY);
    assertThat(records(reader)).containsExactly("c1");
    pass(EVERY);
    assertThat(records(reader)).isEmpty();
  }

  @Test
  void file_that_is_being_written_is_left_until_it_is_whole() throws Exception {
    write("a.jsonl", START - 1_000, "a1");
    WatchedReader reader = reader(null);
    assertThat(records(reader)).isEmpty();
    write("a.jsonl", START + 5_000, "a1", "a2");
    pass(EVERY);
    assertThat(records(reader)).isEmpty();
    pass(EVERY);
    assertThat(records(reader)).containsExactly("a1", "a2");
  }

  @Test
  void hidden_files_are_no_files() throws Exception {
    write(".a.jsonl", START - 60_000, "a1");
    write("_b.jsonl", START - 60_000, "b1");
    assertThat(records(reader(null))).isEmpty();
  }

  @Test
  void file_that_is_changed_after_it_was_read_is_read_again() throws Exception {
    write("a.jsonl", START - 60_000, "a1");
    WatchedReader reader = reader(null);
    assertThat(records(reader)).containsExactly("a1");
    write("a.jsonl", START - 50_000, "a1", "a2");
    pass(EVERY);
    assertThat(records(reader)).containsExactly("a1", "a2");
  }

  @Test
  void reader_goes_on_in_the_middle_of_a_file() throws Exception {
    String[] lines = IntStream.range(0, 2_500).mapToObj(i -> "r" + i).toArray(String[]::new);
    write("a.jsonl", START - 60_000, lines);
    write("b.jsonl", START - 50_000, "b1");
    WatchedReader reader = reader(null);
    awaitLook(reader);
    assertThat(reader.getCurrent()).hasSize(1_000);
    WatchMark mark = reader.getCheckpointMark();
    CoderProperties.coderDecodeEncodeEqual(WatchMark.CODER, mark);
    WatchedReader restored = reader(mark);
    List<String> rest = records(restored);
    assertThat(rest).hasSize(1_501).startsWith("r1000").endsWith("r2499", "b1");
    WatchMark end = restored.getCheckpointMark();
    CoderProperties.coderDecodeEncodeEqual(WatchMark.CODER, end);
    assertThat(records(reader(end))).isEmpty();
  }

  @Test
  void what_was_read_is_forgotten_when_it_was_moved_away() throws Exception {
    Path a = write("a.jsonl", START - 60_000, "a1");
    WatchedReader reader = reader(null);
    assertThat(records(reader)).containsExactly("a1");
    assertThat(reader.getCheckpointMark().done()).hasSize(1);
    Files.delete(a);
    pass(EVERY);
    assertThat(records(reader)).isEmpty();
    assertThat(reader.getCheckpointMark().done()).isEmpty();
  }

  @Test
  void watermark_waits_for_what_was_found_and_else_goes_with_the_looks() throws Exception {
    write("a.jsonl", START - 60_000, "a1");
    WatchedReader reader = reader(null);
    awaitLook(reader);
    assertThat(reader.getCurrentTimestamp().getMillis()).isEqualTo(START);
    pass(Duration.ofSeconds(3));
    assertThat(reader.getWatermark().getMillis()).isEqualTo(START);
    assertThat(records(reader)).isEmpty();
    pass(Duration.ofSeconds(8));
    assertThat(records(reader)).isEmpty();
    assertThat(reader.getWatermark().getMillis()).isEqualTo(START + 11_000);
  }

  @Test
  void readers_share_the_files() throws Exception {
    for (int i = 0; i < 40; i++) {
      write("f%d.jsonl".formatted(i), START - 60_000, "r" + i);
    }
    List<String> all = new ArrayList<>();
    for (WatchedSource part : source().split(3, PipelineOptionsFactory.create())) {
      List<String> own = records(new WatchedReader(part, null, now::get));
      assertThat(own).isNotEmpty();
      all.addAll(own);
    }
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 40).mapToObj(i -> "r" + i).toList());
  }

  @Test
  void file_with_another_header_is_a_fault_and_the_others_are_read() throws Exception {
    write("a.csv", START - 60_000, "x,y", "1,2");
    write("b.csv", START - 50_000, "x,4711", "1,2");
    write("c.csv", START - 40_000, "x,y", "3,4");
    FileWatch watch = new FileWatch(folder + "/*.csv", EVERY, 0, 1);
    WatchedSource csv = new WatchedSource(watch, new FileOpening("x,y", null));
    // The column's name may be a value where the header is missing.
    assertThat(records(new WatchedReader(csv, null, now::get)))
        .containsExactly(
            "1,2",
            "!%s, after record 0: bytes 0 to the end: found a header of 2 columns without y, expected 'x,y', that of the first file"
                .formatted(folder.resolve("b.csv")),
            "3,4");
  }

  @Test
  void damaged_part_is_a_fault_in_its_place_and_is_told_once_through_restarts() throws Exception {
    byte[] file = NumberedRecords.file("deflate", 2_500, number -> false);
    List<NumberedRecords.Block> blocks = NumberedRecords.blocks(file);
    NumberedRecords.Block damaged = blocks.get(20);
    NumberedRecords.Block next = blocks.get(21);
    file[damaged.end() - 1] ^= 1;
    write("a.avro", START - 60_000, file);
    write("b.avro", START - 50_000, "Obj no more".getBytes(UTF_8));
    write("c.avro", START - 40_000, NumberedRecords.file("null", 1, number -> false));

    List<String> expected =
        IntStream.range(0, 2_500).mapToObj(NumberedRecords::name).collect(Collectors.toList());
    expected.subList(damaged.first(), next.first() + next.count()).clear();
    expected.add(
        damaged.first(),
        "!%s, after record %d: bytes %d to %d: found other bytes behind a block of %d bytes, expected the file's sync marker"
            .formatted(
                folder.resolve("a.avro"),
                damaged.first(),
                damaged.start(),
                next.end(),
                damaged.end() - 16 - damaged.data()));
    expected.add(
        "!%s, after record 0: bytes 0 to the end: found no header of an Avro container file, expected 'Obj' and 0x01, a schema, and a sync marker"
            .formatted(folder.resolve("b.avro")));
    expected.add(NumberedRecords.name(0));

    WatchedReader reader = avro(null);
    awaitLook(reader);
    List<RawRecord> first = List.copyOf(reader.getCurrent());
    RawRecord fault = first.get(damaged.first());
    assertThat(fault.payload()).isEqualTo(Arrays.copyOfRange(file, damaged.start(), next.end()));
    assertThat(fault.origin())
        .isEqualTo(
            new Origin("files", folder.resolve("a.avro").toString(), 0, damaged.first() + 1));
    WatchMark behind = reader.getCheckpointMark();
    List<String> all = new ArrayList<>(payloads(reader));
    all.addAll(records(avro(behind)));
    assertThat(all).isEqualTo(expected);
    WatchMark before =
        new WatchMark(START, Map.of(), behind.file(), behind.version(), damaged.first() - 1, 0);
    assertThat(records(avro(before)))
        .isEqualTo(expected.subList(damaged.first() - 1, expected.size()));
    assertThat(records(avro(earlier(behind, damaged.first() + 3))))
        .isEqualTo(expected.subList(damaged.first(), expected.size()));
  }

  /** A mark as it was when a damaged block stopped the reader, in the middle of the block. */
  private static WatchMark earlier(WatchMark mark, long records) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(1);
    out.writeLong(START);
    out.writeInt(0);
    out.writeUTF(mark.file());
    out.writeUTF(mark.version());
    out.writeLong(records);
    return CoderUtils.decodeFromByteArray(WatchMark.CODER, bytes.toByteArray());
  }

  @Test
  void file_that_was_cut_off_is_read_up_to_there_and_replaced_is_read_again() throws Exception {
    String lines = "one\ntwo\n" + "three\n".repeat(1_000);
    byte[] whole = FileBytesTest.gzip(lines.getBytes(UTF_8));
    write("a.jsonl.gz", START - 60_000, Arrays.copyOf(whole, whole.length - 10));
    write("b.jsonl.gz", START - 50_000, FileBytesTest.gzip("b1\n".getBytes(UTF_8)));
    WatchedSource source =
        new WatchedSource(
            new FileWatch(folder + "/*.gz", EVERY, 0, 1), new FileOpening(null, null));
    WatchedReader reader = new WatchedReader(source, null, now::get);
    List<String> read = records(reader);
    assertThat(read).startsWith("one", "two", "three").endsWith("b1");
    assertThat(read.get(read.size() - 2))
        .matches(
            "!.*a.jsonl.gz, after record %d: bytes \\d+ to the end: found nothing more that can be decompressed \\(.+\\)"
                .formatted(read.size() - 2));
    write("a.jsonl.gz", START - 40_000, whole);
    pass(EVERY);
    assertThat(records(reader)).hasSize(1_002).startsWith("one", "two", "three");
  }

  @Test
  void file_that_was_moved_away_in_its_middle_is_a_fault() throws Exception {
    String[] lines = IntStream.range(0, 1_500).mapToObj(i -> "r" + i).toArray(String[]::new);
    Path a = write("a.jsonl", START - 60_000, lines);
    write("b.jsonl", START - 50_000, "b1");
    WatchedReader reader = reader(null);
    awaitLook(reader);
    WatchMark middle = reader.getCheckpointMark();
    Files.delete(a);
    WatchedReader restored = reader(middle);
    assertThat(restored.advance()).isTrue();
    // The same again, by the same origin, when the restart comes just then.
    assertThat(restored.getCheckpointMark()).isEqualTo(middle);
    assertThat(restored.getCurrent().get(0).origin().position()).isEqualTo(1_001);
    assertThat(records(reader(middle)))
        .satisfiesExactly(
            fault ->
                assertThat(fault)
                    .startsWith("!" + a + ", after record 1000: found it gone (")
                    .endsWith("), expected it to be there until it is read"),
            next -> assertThat(next).isEqualTo("b1"));
  }

  @Test
  void file_that_was_changed_in_its_middle_is_read_again_when_it_is_whole() throws Exception {
    String[] lines = IntStream.range(0, 1_500).mapToObj(i -> "r" + i).toArray(String[]::new);
    write("a.jsonl", START - 60_000, lines);
    WatchedReader reader = reader(null);
    awaitLook(reader);
    WatchMark middle = reader.getCheckpointMark();
    write("a.jsonl", START - 50_000, "a1", "a2");
    WatchedReader restored = reader(middle);
    List<String> all = records(restored);
    // Where the first look was faster than the reader, it found the file in its hands still.
    pass(EVERY);
    all.addAll(records(restored));
    assertThat(all).containsExactly("a1", "a2");
  }

  private WatchedReader avro(@Nullable WatchMark mark) {
    FileWatch watch = new FileWatch(folder + "/*.avro", EVERY, 0, 1);
    return new WatchedReader(
        new WatchedSource(watch, new FileOpening(null, NumberedRecords.SCHEMA)), mark, now::get);
  }

  private WatchedSource source() {
    return new WatchedSource(
        new FileWatch(folder + "/*.jsonl", EVERY, 0, 1), new FileOpening(null, null));
  }

  private WatchedReader reader(@Nullable WatchMark mark) {
    return new WatchedReader(source(), mark, now::get);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toMillis());
  }

  /** Until there is a record. */
  private static void awaitLook(WatchedReader reader) throws Exception {
    while (!reader.advance()) {
      Thread.onSpinWait();
    }
  }

  /** All that comes of the looks that are due; a look that is under way is waited for. */
  private static List<String> records(WatchedReader reader) throws Exception {
    List<String> all = new ArrayList<>();
    do {
      while (reader.advance()) {
        all.addAll(payloads(reader));
      }
    } while (reader.isLooking());
    while (reader.advance()) {
      all.addAll(payloads(reader));
    }
    return all;
  }

  /** What a fault says behind an exclamation mark. */
  private static List<String> payloads(WatchedReader reader) {
    return reader.getCurrent().stream().map(WatchedReaderTest::text).collect(Collectors.toList());
  }

  private static String text(RawRecord record) {
    if (record.fault() != null) {
      return "!" + record.fault().message();
    }
    return record.origin().source().endsWith(".avro")
        ? NumberedRecords.name(record.payload())
        : new String(record.payload(), UTF_8);
  }

  private Path write(String name, long modified, String... lines) throws IOException {
    return write(name, modified, (String.join("\n", lines) + "\n").getBytes(UTF_8));
  }

  private Path write(String name, long modified, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    return Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }
}
