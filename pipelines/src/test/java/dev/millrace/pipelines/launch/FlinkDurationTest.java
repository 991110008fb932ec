package dev.millrace.pipelines.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlinkDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "250,250",
    "1 ms,1",
    "1ms,1",
    "3 s,3000",
    "2 min,120000",
    "1 h,3600000",
    "1 d,86400000"
  })
  void a_duration_as_flink_has_it(String text, long millis) {
    assertThat(FlinkDuration.millis(text)).isEqualTo(millis);
  }

  @Test
  void what_is_no_duration_is_refused() {
    assertThatThrownBy(() -> FlinkDuration.millis("a while"))
        .hasMessage("found 'a while', expected a duration as 100 ms, 1 s or 10 min");
  }
}
