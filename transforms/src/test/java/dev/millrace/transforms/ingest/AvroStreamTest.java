package dev.millrace.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroStreamTest {

  private static final int RECORDS = 40;
  private static final Schema SCHEMA = NumberedRecords.SCHEMA;

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate"})
  void whole_file_is_read_whole(String codec) throws Exception {
    assertThat(read(file(codec))).isEqualTo(names(0, RECORDS));
  }

  @Test
  void block_with_a_wrong_byte_is_damaged_and_all_others_are_read() throws Exception {
    byte[] file = file("null");
    NumberedRecords.Block third = NumberedRecords.blocks(file).get(2);
    // The length of the first name, behind its branch of the union: now it is of gigabytes.
    byte[] gigabytes = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    System.arraycopy(gigabytes, 0, file, third.data() + 1, gigabytes.length);
    List<DamagedException> damages = new ArrayList<>();
    List<String> read = read(file, damages);
    List<String> expected = new ArrayList<>(names(0, RECORDS));
    expected.subList(third.first(), third.first() + third.count()).clear();
    expected.add(third.first(), "!");
    assertThat(read).isEqualTo(expected);
    assertThat(damages).hasSize(1);
    DamagedException damage = damages.get(0);
    assertThat(damage.reason()).isEqualTo(Reason.MALFORMED);
    assertThat(damage.bytes()).isEqualTo(Arrays.copyOfRange(file, third.start(), third.end()));
    assertThat(damage)
        .hasMessageStartingWith(
            "bytes %d to %d: found a block that does not hold %d records (found a value of 2147483647 bytes where "
                .formatted(third.start(), third.end(), third.count()));
  }

  @Test
  void frame_that_is_not_whole_is_damaged_up_to_the_next_sync_marker() throws Exception {
    byte[] whole = file("deflate");
    List<NumberedRecords.Block> blocks = NumberedRecords.blocks(whole);
    NumberedRecords.Block second = blocks.get(1);
    byte[] size = whole.clone();
    size[second.data() - 1] ^= 0x40;
    assertOneDamage(size, second.start(), second.end(), second.first(), second.count());
    byte[] marker = whole.clone();
    marker[second.end() - 1] ^= 1;
    assertOneDamage(
        marker,
        second.start(),
        blocks.get(2).end(),
        second.first(),
        second.count() + blocks.get(2).count());
  }

  private static void assertOneDamage(byte[] file, int from, int to, int first, int count)
      throws IOException {
    List<DamagedException> damages = new ArrayList<>();
    List<String> expected = new ArrayList<>(names(0, RECORDS));
    expected.subList(first, first + count).clear();
    expected.add(first, "!");
    assertThat(read(file, damages)).isEqualTo(expected);
    assertThat(damages)
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage).hasMessageStartingWith("bytes %d to %d: ".formatted(from, to));
              assertThat(damage.bytes()).isEqualTo(Arrays.copyOfRange(file, from, to));
            });
  }

  /** Avro's own reader takes it for the end, and says nothing. */
  @Test
  void file_that_was_cut_off_anywhere_gives_its_whole_blocks_and_says_so() throws Exception {
    byte[] whole = file("deflate");
    List<NumberedRecords.Block> blocks = NumberedRecords.blocks(whole);
    for (int length = 0; length < whole.length; length++) {
      int end = length;
      int records =
          blocks.stream().filter(b -> b.end() <= end).mapToInt(NumberedRecords.Block::count).sum();
      List<String> expected = new ArrayList<>(names(0, records));
      boolean between =
          end == blocks.get(0).start() || blocks.stream().anyMatch(block -> block.end() == end);
      if (!between) {
        expected.add("!");
      }
      assertThat(read(Arrays.copyOf(whole, length))).as("%d bytes", end).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate"})
  void no_wrong_byte_stops_the_reading_or_loses_a_record_silently(String codec) throws Exception {
    byte[] whole = file(codec);
    for (int place = 0; place < whole.length; place++) {
      for (int bits : new int[] {0x01, 0x80, 0xff}) {
        byte[] file = whole.clone();
        file[place] ^= (byte) bits;
        List<String> read = read(file);
        if (!read.contains("!")) {
          assertThat(read).as("byte %d ^ %d", place, bits).hasSize(RECORDS);
        }
      }
    }
  }

  @Test
  void record_that_the_contract_cannot_hold_is_damaged_alone() throws Exception {
    byte[] file = NumberedRecords.file("null", RECORDS, number -> number == 7);
    List<DamagedException> damages = new ArrayList<>();
    List<String> expected = new ArrayList<>(names(0, RECORDS));
    expected.set(7, "!");
    assertThat(read(file, damages)).isEqualTo(expected);
    assertThat(damages)
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
              // The null of the union, and the number.
              assertThat(damage.bytes()).containsExactly(0, 14);
              assertThat(damage)
                  .hasMessageStartingWith("found a record that cannot be read as the contract (");
            });
  }

  @Test
  void file_without_a_header_is_damaged_as_a_whole() {
    byte[] bytes = "x".repeat(2_000_000).getBytes(UTF_8);
    assertThatThrownBy(() -> new AvroStream(new ByteArrayInputStream(bytes), SCHEMA))
        .isInstanceOfSatisfying(
            DamagedException.class,
            damage -> assertThat(damage.bytes()).hasSize(DeadLetter.LONGEST_PAYLOAD))
        .hasMessage(
            "bytes 0 to the end: found no header of an Avro container file, expected 'Obj' and 0x01, a schema, and a sync marker");
  }

  @Test
  void damaged_part_that_is_larger_than_a_dead_letter_is_passed_over_and_its_beginning_kept()
      throws Exception {
    byte[] file = file("null");
    NumberedRecords.Block second = NumberedRecords.blocks(file).get(1);
    InputStream garbage =
        new InputStream() {
          private long left = 40L << 20;

          @Override
          public int read() {
            return left-- > 0 ? 0x55 : -1;
          }

          @Override
          public int read(byte[] to, int offset, int length) {
            int count = (int) Math.min(length, left);
            Arrays.fill(to, offset, offset + count, (byte) 0x55);
            left -= count;
            return count == 0 ? -1 : count;
          }
        };
    InputStream all =
        new SequenceInputStream(
            new SequenceInputStream(new ByteArrayInputStream(file, 0, second.start()), garbage),
            new ByteArrayInputStream(file, second.start(), file.length - second.start()));
    List<DamagedException> damages = new ArrayList<>();
    List<String> expected = new ArrayList<>(names(0, RECORDS));
    // The frame of the second block is behind garbage, and so is not found.
    expected.subList(second.first(), second.first() + second.count()).clear();
    expected.add(second.first(), "!");
    assertThat(read(new AvroStream(all, SCHEMA), damages)).isEqualTo(expected);
    assertThat(damages.get(0).bytes()).hasSize(DeadLetter.LONGEST_PAYLOAD);
    assertThat(damages.get(0))
        .hasMessageStartingWith(
            "bytes %d to %d: ".formatted(second.start(), second.end() + (40L << 20)));
  }

  @Test
  void store_that_fails_is_no_damage() {
    byte[] file = file("null");
    InputStream failing =
        new SequenceInputStream(
            new ByteArrayInputStream(file, 0, file.length / 2),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("no answer");
              }

              @Override
              public int read(byte[] to, int offset, int length) throws IOException {
                return read();
              }
            });
    assertThatThrownBy(() -> read(new AvroStream(failing, SCHEMA), new ArrayList<>()))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no answer");
  }

  private static byte[] file(String codec) {
    return NumberedRecords.file(codec, RECORDS, number -> false);
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(NumberedRecords::name).toList();
  }

  private static List<String> read(byte[] file) throws IOException {
    return read(file, new ArrayList<>());
  }

  private static List<String> read(byte[] file, List<DamagedException> damages) throws IOException {
    RecordStream stream;
    try {
      stream = new AvroStream(new ByteArrayInputStream(file), SCHEMA);
    } catch (DamagedException e) {
      stream = new BrokenStream(0, e);
    }
    return read(stream, damages);
  }

  /** The names of what is read, an exclamation mark for what is damaged. */
  private static List<String> read(RecordStream stream, List<DamagedException> damages)
      throws IOException {
    List<String> read = new ArrayList<>();
    while (true) {
      try {
        byte[] payload = stream.next();
        if (payload == null) {
          return read;
        }
        read.add(NumberedRecords.name(payload));
      } catch (DamagedException e) {
        damages.add(e);
        read.add("!");
      }
      assertThat(stream.position()).isEqualTo(read.size());
    }
  }
}
