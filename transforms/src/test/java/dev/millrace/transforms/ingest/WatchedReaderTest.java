package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.CoderProperties;
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
  void damaged_file_stops_the_reader_and_is_named() throws Exception {
    write("a.csv", START - 60_000, "x,y", "1,2");
    write("b.csv", START - 50_000, "x,z", "1,2");
    WatchedReader reader =
        new WatchedReader(
            new WatchedSource(
                new FileWatch(folder + "/*.csv", EVERY, 0, 1), new FileOpening("x,y", null)),
            null,
            now::get);
    awaitLook(reader);
    assertThat(payloads(reader)).containsExactly("1,2");
    assertThatThrownBy(reader::advance)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b.csv, line 1: found header 'x,z', expected 'x,y'");
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

  private static List<String> payloads(WatchedReader reader) {
    return reader.getCurrent().stream()
        .map(record -> new String(record.payload(), UTF_8))
        .collect(Collectors.toList());
  }

  private Path write(String name, long modified, String... lines) throws IOException {
    Path file = Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }
}
