package dev.millrace.transforms.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowsTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "3, 3", "7, 2", "70, 1"})
  void are_what_a_list_of_arrays_is(int length, int differing) {
    Random random = new Random(length);
    Rows rows = new Rows(length, differing, 2);
    List<long[]> expected = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      if (random.nextInt(5) > 0) {
        int row = random.nextInt(4) > 0 ? expected.size() : random.nextInt(expected.size() + 1);
        long[] numbers = random.longs(length, 0, 2 + i / 500).toArray();
        rows.insert(row);
        for (int column = 0; column < length; column++) {
          rows.set(row, column, numbers[column]);
        }
        expected.add(row, numbers);
      } else {
        int dropped = random.nextInt(Math.min(6, expected.size() + 1));
        rows.dropFirst(dropped);
        expected.subList(0, dropped).clear();
      }
      if (i % 50 == 0) {
        rows = copy(rows, length, differing);
      }
      assertThat(arrays(rows, length)).isDeepEqualTo(expected.toArray(new long[0][]));
    }
  }

  @Test
  void a_column_without_two_different_numbers_is_kept_as_one() {
    Rows rows = of(3);
    int longs = rows.longs();
    add(rows, 4, 1, 5);
    assertThat(rows.longs()).isEqualTo(longs + 1);
    add(rows, 5, 1, 6);
    assertThat(rows.get(0, 2)).isEqualTo(5);
    assertThat(rows.get(2, 2)).isEqualTo(6);
    assertThat(rows.longs()).isEqualTo(longs + 2 + 3);
  }

  @Test
  void sums_count_each_row_of_a_window_once() {
    Rows rows = new Rows(3, 1, 2);
    for (int i = 0; i < 23; i++) {
      add(rows, i, Double.doubleToRawLongBits(1), Double.doubleToRawLongBits(i));
    }
    assertThat(rows.sum(1, 5, 20)).isEqualTo(15);
    assertThat(rows.sum(2, 5, 20)).isCloseTo(12 * 15, within(1e-12));
    assertThat(rows.sum(1, 7, 7)).isZero();
    assertThat(rows.sum(2, 7, 7)).isZero();
  }

  @Test
  void are_found_by_a_number_and_from_the_end() {
    Rows rows = of(7, 8, 8, 9);
    assertThat(rows.find(0, 0, 8)).isEqualTo(1);
    assertThat(rows.find(2, 0, 8)).isEqualTo(2);
    assertThat(rows.find(0, 0, 10)).isEqualTo(4);
    assertThat(rows.backWhileAbove(4, 7)).isEqualTo(1);
    assertThat(rows.backWhileAbove(4, 0)).isZero();
    assertThat(rows.backWhileAbove(2, 9)).isEqualTo(2);
  }

  /** Of three columns: these, 1 and 5. */
  private static Rows of(long... firsts) {
    Rows rows = new Rows(3, 1, 2);
    for (long first : firsts) {
      add(rows, first, 1, 5);
    }
    return rows;
  }

  private static void add(Rows rows, long... numbers) {
    int row = rows.count();
    rows.insert(row);
    for (int column = 0; column < numbers.length; column++) {
      rows.set(row, column, numbers[column]);
    }
  }

  private static Rows copy(Rows rows, int length, int differing) {
    LongBuffer written = LongBuffer.allocate(rows.longs());
    rows.writeTo(written);
    assertThat(written.hasRemaining()).isFalse();
    return Rows.readFrom(written.flip(), length, differing, rows.count());
  }

  private static long[][] arrays(Rows rows, int length) {
    long[][] arrays = new long[rows.count()][length];
    for (int row = 0; row < arrays.length; row++) {
      for (int column = 0; column < length; column++) {
        arrays[row][column] = rows.get(row, column);
      }
    }
    return arrays;
  }
}
