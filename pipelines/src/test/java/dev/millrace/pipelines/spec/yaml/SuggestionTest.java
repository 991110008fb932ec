package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {

  @Test
  void letters_missing_added_replaced_or_swapped_cost_one_each() {
    assertThat(Suggestion.distance("topic", "topic")).isZero();
    assertThat(Suggestion.distance("tpic", "topic")).isEqualTo(1);
    assertThat(Suggestion.distance("toopic", "topic")).isEqualTo(1);
    assertThat(Suggestion.distance("tobic", "topic")).isEqualTo(1);
    assertThat(Suggestion.distance("tpoic", "topic")).isEqualTo(1);
    assertThat(Suggestion.distance("", "topic")).isEqualTo(5);
  }

  @Test
  void case_does_not_matter() {
    assertThat(Suggestion.closest("eventtime", List.of("id", "eventTime"))).contains("eventTime");
  }

  @Test
  void the_closest_word_is_suggested_and_a_distant_one_is_not() {
    assertThat(Suggestion.closest("mim", List.of("min", "max", "mean"))).contains("min");
    assertThat(Suggestion.closest("colour", List.of("topic", "settings"))).isEmpty();
    assertThat(Suggestion.closest("of", List.of("over"))).isEmpty();
  }
}
