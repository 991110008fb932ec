package dev.millrace.pipelines.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({"250ms,250", "30s,30000", "15m,900000", "1h,3600000", "7d,604800000", "0s,0"})
  void each_unit_is_read(String text, long millis) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7 d", "7days", "-1d", "1.5h", "P7D", "7", "d", "", "9999999999d"})
  void anything_else_is_refused_with_the_accepted_forms(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "found '%s', expected a duration such as 250ms, 30s, 15m, 1h or 7d".formatted(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7d", "36h", "90m", "45s", "1500ms", "0ms"})
  void a_duration_is_written_in_the_largest_unit_that_divides_it(String text) {
    assertThat(DurationText.format(DurationText.parse(text))).isEqualTo(text);
  }

  @Test
  void a_week_of_hours_is_written_in_days() {
    assertThat(DurationText.format(DurationText.parse("168h"))).isEqualTo("7d");
  }
}
