package dev.millrace.transforms.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {

  private final Rows ids = HistoryState.ids();

  /** One of both tables and the list of arrays that it is to be. */
  private record Expected(Rows rows, int length, List<long[]> list) {
    Expected(Rows rows, int length) {
      this(rows, length, new ArrayList<>());
    }

    void change(Random random, int numbers) {
      if (random.nextInt(5) > 0) {
        int row = random.nextInt(4) > 0 ? list.size() : random.nextInt(list.size() + 1);
        long[] inserted = random.longs(length, 0, numbers).toArray();
        rows.insert(row);
        for (int column = 0; column < length; column++) {
          rows.set(row, column, inserted[column]);
        }
        list.add(row, inserted);
      } else {
        int dropped = random.nextInt(Math.min(6, list.size() + 1));
        rows.dropFirst(dropped);
        list.subList(0, dropped).clear();
      }
    }

    void check() {
      long[][] found = new long[rows.count()][length];
      for (int row = 0; row < found.length; row++) {
        for (int column = 0; column < length; column++) {
          found[row][column] = rows.get(row, column);
        }
      }
      assertThat(found).isDeepEqualTo(list.toArray(new long[0][]));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 6, 70})
  void both_tables_of_a_state_are_what_lists_of_arrays_are(int slots) throws CoderException {
    Random random = new Random(slots);
    Rows tiles = HistoryState.tiles(slots, ids);
    HistoryState state = state(slots, tiles);
    List<Expected> tables = List.of(new Expected(ids, 2), new Expected(tiles, 1 + slots));
    for (int i = 0; i < 3_000; i++) {
      tables.get(random.nextInt(2)).change(random, 2 + i / 500);
      if (i % 50 == 0) {
        state = CoderUtils.clone(HistoryState.Coder.of(), state);
        ids.in(state);
        tiles.in(state);
      }
      tables.forEach(Expected::check);
    }
  }

  private HistoryState state(int slots, Rows tiles) {
    HistoryState state = new HistoryState(new int[slots], 1, 2);
    ids.in(state);
    tiles.in(state);
    ids.create(2);
    tiles.create(2);
    return state;
  }

  /** Tiles of three columns. */
  private Rows rows() {
    Rows tiles = HistoryState.tiles(2, ids);
    state(2, tiles);
    return tiles;
  }

  private static void add(Rows rows, long... numbers) {
    int row = rows.count();
    rows.insert(row);
    for (int column = 0; column < numbers.length; column++) {
      rows.set(row, column, numbers[column]);
    }
  }

  @Test
  void a_column_without_two_different_numbers_is_kept_as_one() {
    Rows rows = rows();
    add(rows, 3, 1, 5);
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
    Rows rows = rows();
    for (int i = 0; i < 23; i++) {
      add(rows, i, Double.doubleToRawLongBits(1), Double.doubleToRawLongBits(i));
    }
    assertThat(rows.sum(1, 5, 20)).isEqualTo(15);
    assertThat(rows.sum(2, 5, 20)).isCloseTo(12 * 15, within(1e-12));
    assertThat(rows.sum(1, 7, 7)).isZero();
    assertThat(rows.sum(2, 7, 7)).isZero();
    Rows infinite = rows();
    add(infinite, 1, Double.doubleToRawLongBits(Double.POSITIVE_INFINITY), 5);
    assertThat(infinite.sum(1, 1, 1)).isZero();
  }

  @Test
  void are_found_by_a_number() {
    Rows rows = rows();
    for (long first : new long[] {7, 8, 8, 9}) {
      add(rows, first, 1, 5);
    }
    assertThat(rows.find(0, 0, 8)).isEqualTo(1);
    assertThat(rows.find(2, 0, 8)).isEqualTo(2);
    assertThat(rows.find(0, 0, 10)).isEqualTo(4);
  }

  @Test
  void the_first_above_a_number_is_found_wherever_it_is() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      long[] firsts = random.longs(random.nextInt(40), 0, 1 + random.nextInt(60)).toArray();
      if (firsts.length > 0 && random.nextBoolean()) {
        firsts[0] = random.nextBoolean() ? Long.MAX_VALUE / 2 : -1 - Long.MAX_VALUE / 2;
      }
      Arrays.sort(firsts);
      Rows rows = rows();
      for (long first : firsts) {
        add(rows, first, 1, 5);
      }
      for (long value = -1; value < 62; value++) {
        int end = random.nextInt(firsts.length + 1);
        int expected = 0;
        while (expected < end && firsts[expected] <= value) {
          expected++;
        }
        assertThat(rows.firstAbove(end, value)).isEqualTo(expected);
      }
    }
  }
}
