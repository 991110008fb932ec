package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBytesTest {

  @TempDir Path folder;

  /** What Deflate copies at once from before, which may be kept back. */
  private static final int LONGEST_REPEAT = 258;

  @Test
  void what_is_before_the_damage_is_given_wherever_a_file_was_cut() throws Exception {
    byte[] whole = gzip(lines(3_000));
    for (int length = 0; length < whole.length; length += 997) {
      byte[] cut = Arrays.copyOf(whole, length);
      ByteArrayOutputStream given = new ByteArrayOutputStream();
      Path file = Files.write(folder.resolve("cut-%d.jsonl.gz".formatted(length)), cut);
      try (InputStream in = new FileBytes(file.toString())) {
        if (length == 0) {
          assertThat(in.read()).isEqualTo(-1);
          continue;
        }
        assertThatThrownBy(() -> in.transferTo(given))
            .isInstanceOf(DamagedException.class)
            .hasMessageMatching(
                "bytes %d to the end: found nothing more that can be decompressed \\(.+\\)"
                    .formatted(given.size()));
        assertThatThrownBy(in::read).isInstanceOf(DamagedException.class);
      }
      byte[] expected = byEachByte(cut);
      assertThat(given.size()).isBetween(expected.length - LONGEST_REPEAT, expected.length);
      assertThat(given.toByteArray()).isEqualTo(Arrays.copyOf(expected, given.size()));
    }
  }

  @Test
  void what_is_wrong_within_is_damage_too() throws Exception {
    byte[] gzip = gzip(lines(1_000));
    gzip[gzip.length - 6] ^= 1; // its checksum
    assertDamaged("sum.csv.gz", gzip, lines(1_000).length - LONGEST_REPEAT);
    ByteArrayOutputStream bzip2 = new ByteArrayOutputStream();
    try (OutputStream out = new BZip2CompressorOutputStream(bzip2)) {
      out.write(lines(1_000));
    }
    byte[] wrong = bzip2.toByteArray();
    wrong[wrong.length / 2] ^= 0x10;
    assertDamaged("middle.csv.bz2", wrong, 0);
    assertDamaged("none.csv.bz2", lines(3), 0);
  }

  private void assertDamaged(String name, byte[] bytes, int before) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    ByteArrayOutputStream given = new ByteArrayOutputStream();
    try (InputStream in = new FileBytes(file.toString())) {
      assertThatThrownBy(() -> in.transferTo(given)).isInstanceOf(DamagedException.class);
    }
    assertThat(given.size()).as(name).isGreaterThanOrEqualTo(before);
  }

  @Test
  void several_members_are_one_content() throws Exception {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(gzip("one\n".getBytes(UTF_8)));
    both.write(gzip("two\n".getBytes(UTF_8)));
    Path file = Files.write(folder.resolve("a.jsonl.gz"), both.toByteArray());
    try (InputStream in = new FileBytes(file.toString())) {
      assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("one\ntwo\n");
    }
  }

  @Test
  void file_that_is_not_there_is_no_damage() {
    assertThatThrownBy(() -> new FileBytes(folder.resolve("none.csv.gz").toString()))
        .isInstanceOfAny(NoSuchFileException.class, java.io.FileNotFoundException.class);
  }

  @Test
  void reading_that_is_interrupted_is_no_damage() throws Exception {
    Path file = Files.write(folder.resolve("a.jsonl.gz"), gzip(lines(100)));
    try (InputStream in = new FileBytes(file.toString())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(in::read)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(DamagedException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** Java's own decompressor gives what it has before it fails. */
  private static byte[] byEachByte(byte[] gzip) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.write(next);
      }
    } catch (java.io.EOFException e) {
      return all.toByteArray();
    }
    return all.toByteArray();
  }

  private static byte[] lines(int count) {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(count);
    for (int i = 0; i < count; i++) {
      lines.append("{\"id\": ").append(random.nextLong()).append("}\n");
    }
    return lines.toString().getBytes(UTF_8);
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
