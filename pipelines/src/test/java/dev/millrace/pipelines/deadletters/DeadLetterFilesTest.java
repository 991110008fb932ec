package dev.millrace.pipelines.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterAvro;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterFilesTest {

  private static final SinkSpec.Windows WINDOWS =
      new SinkSpec.Windows(Duration.ofMinutes(5), SinkSpec.FileFormat.AVRO, 1);

  @TempDir private Path folder;

  private static DeadLetter letter(long position) {
    return DeadLetter.undecodable(
        new Origin("kafka", "payments", 0, position),
        null,
        new byte[] {1},
        Map.of(),
        null,
        Reason.MALFORMED,
        "bad",
        null);
  }

  private Path write(String name, long... positions) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(folder.resolve(name).resolveSibling(""));
    try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
      writer.create(DeadLetterAvro.SCHEMA, file.toFile());
      for (long position : positions) {
        writer.append(DeadLetterAvro.toRecord(letter(position)));
      }
    }
    return file;
  }

  private List<DeadLetter> read(SinkSpec.Files files) throws IOException {
    List<DeadLetter> all = new ArrayList<>();
    new DeadLetterFiles(files).read(all::add);
    return all;
  }

  private static List<Long> positions(List<DeadLetter> letters) {
    return letters.stream().map(letter -> letter.origin().position()).toList();
  }

  @Test
  void those_of_all_windows_are_read_in_the_order_of_time() throws IOException {
    write("date=2026-03-02/20260302T000000Z-20260302T000500Z-0-of-1-aa.avro", 4);
    write("date=2026-03-01/20260301T235500Z-20260302T000000Z-0-of-1-bb.avro", 2, 3);
    write("date=2026-03-01/20260301T100000Z-20260301T100500Z-0-of-1-cc.avro", 1);
    write("date=2026-03-01/.20260301T100500Z-20260301T101000Z-0-of-1-dd.avro.a1b2", 9);
    assertThat(positions(read(new SinkSpec.Files(folder.toString(), WINDOWS))))
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void those_of_one_file_are_read_whole() throws IOException {
    Path file = write("letters.avro", LongStream.range(0, 100).toArray());
    List<DeadLetter> letters = read(new SinkSpec.Files(file.toString()));
    assertThat(letters).hasSize(100);
    assertThat(letters.get(7).payload()).containsExactly(1);
    assertThat(letters.get(7).id()).isEqualTo(letter(7).id());
  }

  @Test
  void a_folder_that_nothing_was_written_to_has_none() throws IOException {
    assertThat(read(new SinkSpec.Files(folder.resolve("none").toString(), WINDOWS))).isEmpty();
  }

  @Test
  void a_file_that_is_damaged_is_named_with_how_far_it_was_read() throws IOException {
    Path file = write("letters.avro", 1, 2);
    byte[] bytes = Files.readAllBytes(file);
    // In the marker behind the records.
    bytes[bytes.length - 1]++;
    Files.write(file, bytes);
    assertThatThrownBy(() -> read(new SinkSpec.Files(file.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("letters.avro: found what is no dead letter behind record ");
  }

  @Test
  void a_file_that_is_cut_off_is_not_taken_for_one_that_ends_there() throws IOException {
    Path file = write("letters.avro", 1, 2);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 40));
    assertThatThrownBy(() -> read(new SinkSpec.Files(file.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("letters.avro: found what is no dead letter behind record 0");
  }

  @Test
  void a_file_of_something_else_is_named() throws IOException {
    Path file = Files.writeString(folder.resolve("letters.avro"), "{}");
    assertThatThrownBy(() -> read(new SinkSpec.Files(file.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("letters.avro: found what is no dead letter behind record 0");
  }
}
