package dev.millrace.transforms.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.transforms.history.Feature.Source;
import dev.millrace.transforms.history.Slot.Companions;
import dev.millrace.transforms.history.Slot.Kind;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyHistoryTest {

  private static final Slot COUNT = slot(Kind.COUNT, null);
  private static final Slot SUM = slot(Kind.SUM, "amount");
  private static final Slot MAX = slot(Kind.MAX, "amount");

  private static Slot slot(Kind kind, @Nullable String field) {
    return new Slot(kind, Source.EVENTS, field, null, Companions.NONE);
  }

  /** What a slot comes to over the tiles later than {@code after}. */
  private static double merged(KeyHistory history, int slot, Slot what, long after) {
    double[] numbers = {0, 0};
    numbers[slot] = what.kind().none();
    history.mergeBack(history.tiles(), after, new int[] {slot}, numbers);
    return numbers[slot];
  }

  private static long id(KeyHistory history, String id) {
    return history.hash(Source.EVENTS, id.getBytes(UTF_8));
  }

  private static HistoryState stored(KeyHistory history) throws CoderException {
    return CoderUtils.clone(HistoryState.Coder.of(), history.state());
  }

  private static KeyHistory of(int cap, Slot... slots) {
    KeyHistory history = new KeyHistory(List.of(slots), cap);
    history.load(null);
    return history;
  }

  @Test
  void tiles_of_one_time_are_one() {
    KeyHistory history = of(10, COUNT, SUM);
    history.add(100, new double[] {1, 5});
    history.add(100, new double[] {1, 7});
    assertThat(history.tiles()).isEqualTo(1);
    assertThat(merged(history, 1, SUM, 0)).isEqualTo(12);
  }

  @Test
  void past_its_cap_a_key_merges_its_oldest_tiles_and_says_so() {
    KeyHistory history = of(3, COUNT, SUM);
    int merged = 0;
    for (int i = 0; i < 10; i++) {
      merged += history.add(i, new double[] {1, i});
    }
    assertThat(merged).isEqualTo(7);
    assertThat(history.tiles()).isEqualTo(3);
    // Nothing is lost: it only counts as later than it was.
    assertThat(merged(history, 0, COUNT, -1)).isEqualTo(10);
    assertThat(merged(history, 1, SUM, -1)).isEqualTo(45);
    assertThat(history.firstAfter(6)).isZero();
    assertThat(history.firstAfter(7)).isEqualTo(1);
  }

  @Test
  void a_slot_that_is_new_starts_empty_and_the_others_keep_their_past() throws CoderException {
    KeyHistory before = of(10, COUNT, SUM);
    before.add(100, new double[] {1, 5});

    KeyHistory after = new KeyHistory(List.of(MAX, SUM), 10);
    after.load(stored(before));
    assertThat(merged(after, 0, MAX, 0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(merged(after, 1, SUM, 0)).isEqualTo(5);
    assertThat(after.emptySlots()).containsExactly(0);
    after.load(stored(after));
    assertThat(after.emptySlots()).isEmpty();
    after.load(null);
    assertThat(after.emptySlots()).isEmpty();
  }

  @Test
  void state_of_another_version_is_refused() throws CoderException {
    KeyHistory history = of(10, COUNT);
    byte[] state = CoderUtils.encodeToByteArray(HistoryState.Coder.of(), history.state());
    state[2] = 9; // behind the length
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(HistoryState.Coder.of(), state))
        .hasMessage("history state: found magic 77 version 9, expected 77 and 6");
  }

  @Test
  void an_id_is_forgotten_once_it_has_expired_and_not_before() {
    KeyHistory history = of(10, COUNT);
    long id = id(history, "tx-1");
    history.observe(100);
    history.remember(id, 150);
    history.observe(150);
    history.forget(0);
    assertThat(history.contains(id)).isTrue();
    history.observe(151);
    history.forget(0);
    assertThat(history.contains(id)).isFalse();
  }

  @Test
  void an_id_that_comes_again_after_it_has_expired_is_remembered_anew() {
    KeyHistory history = of(10, COUNT);
    long first = id(history, "tx-1");
    long again = id(history, "tx-2");
    history.remember(first, 900);
    history.remember(again, 150);
    history.observe(200);
    history.forget(0);
    assertThat(history.contains(again)).isFalse();
    history.remember(again, 900);
    assertThat(history.contains(again)).isTrue();
    assertThat(history.contains(first)).isTrue();
  }

  @Test
  void tiles_come_and_go_as_in_a_list_of_them() throws CoderException {
    Random random = new Random(11);
    KeyHistory history = of(1_000, COUNT, SUM);
    TreeMap<Long, Double> expected = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      long time = Math.max(0, i + random.nextInt(200) - 100);
      double amount = random.nextInt(100);
      history.add(time, new double[] {1, amount});
      expected.merge(time, amount, Double::sum);
      if (random.nextInt(3) == 0) {
        history.forget(i - 300);
        expected.headMap((long) i - 300, true).clear();
      }
      if (random.nextInt(100) == 0) {
        history.load(stored(history));
      }
      assertThat(history.tiles()).isEqualTo(expected.size());
      assertThat(merged(history, 1, SUM, i - 50))
          .isEqualTo(
              expected.tailMap((long) i - 50, false).values().stream()
                  .mapToDouble(Double::doubleValue)
                  .sum());
    }
  }

  @Test
  void an_event_and_a_label_of_one_id_are_different() {
    KeyHistory history = of(10, COUNT);
    byte[] id = "tx-1".getBytes(UTF_8);
    assertThat(history.hash(Source.EVENTS, id)).isNotEqualTo(history.hash(Source.LABELS, id));
  }

  @Test
  void every_key_hashes_ids_under_a_secret_of_its_own_and_keeps_it() throws CoderException {
    KeyHistory history = of(10, COUNT);
    long hash = id(history, "tx-1");
    HistoryState first = stored(history);

    history.load(null);
    assertThat(id(history, "tx-1")).isNotEqualTo(hash);
    KeyHistory elsewhere = new KeyHistory(List.of(SUM), 10);
    elsewhere.load(null);
    assertThat(id(elsewhere, "tx-1")).isNotEqualTo(hash);
    elsewhere.load(first);
    assertThat(id(elsewhere, "tx-1")).isEqualTo(hash);
  }
}
