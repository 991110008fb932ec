package dev.millrace.transforms.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecisionDeduplicatorTest {

  @Test
  void id_that_was_seen_is_a_repeat() {
    DecisionDeduplicator seen = DecisionDeduplicator.ofLast(10);
    assertThat(seen.isNew("a", 0)).isTrue();
    assertThat(seen.isNew("b", 0)).isTrue();
    assertThat(seen.isNew("a", 0)).isFalse();
    assertThat(seen.repeats()).isEqualTo(1);
  }

  @Test
  void only_the_last_ids_are_remembered() {
    DecisionDeduplicator seen = DecisionDeduplicator.ofLast(2);
    assertThat(seen.isNew("a", 0)).isTrue();
    assertThat(seen.isNew("b", 0)).isTrue();
    assertThat(seen.isNew("a", 0)).isFalse();
    assertThat(seen.isNew("c", 0)).isTrue();
    assertThat(seen.isNew("b", 0)).isFalse();
    assertThat(seen.isNew("a", 0)).isTrue();
    assertThat(seen.size()).isEqualTo(2);
  }

  @Test
  void id_is_forgotten_when_its_time_is_over_to_the_millisecond() {
    DecisionDeduplicator seen = DecisionDeduplicator.within(Duration.ofMillis(100), 10);
    assertThat(seen.isNew("a", 1_000)).isTrue();
    assertThat(seen.isNew("a", 1_099)).isFalse();
    assertThat(seen.isNew("a", 1_100)).isTrue();
  }

  @Test
  void timestamp_that_goes_back_does_not_turn_back_the_clock() {
    DecisionDeduplicator seen = DecisionDeduplicator.within(Duration.ofMillis(100), 10);
    assertThat(seen.isNew("a", 1_000)).isTrue();
    assertThat(seen.isNew("b", 500)).isTrue();
    assertThat(seen.isNew("b", 1_050)).isFalse();
    assertThat(seen.isNew("b", 1_100)).isTrue();
  }

  @Test
  void empty_window_is_refused() {
    assertThatThrownBy(() -> DecisionDeduplicator.ofLast(0))
        .hasMessage("found an empty window, expected one id or 1 ms or more");
  }

  @Test
  void agrees_with_a_list_of_all_that_was_seen() {
    Random random = new Random(7);
    DecisionDeduplicator seen = DecisionDeduplicator.ofLast(50);
    List<String> last = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      String id = "id" + random.nextInt(120);
      assertThat(seen.isNew(id, i)).as("step %d", i).isEqualTo(!last.contains(id));
      if (!last.contains(id)) {
        last.add(id);
        if (last.size() > 50) {
          last.remove(0);
        }
      }
    }
  }
}
