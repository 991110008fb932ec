package dev.millrace.it.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {

  private static final Pattern AT = Pattern.compile("\"at\": \"([^\"]+)\"");

  @ParameterizedTest
  @ValueSource(ints = {Recording.LEAST, 300, 1_000, 5_000})
  void repeats_are_of_the_last_days_however_short_the_recording(int records) {
    Map<String, Integer> first = new HashMap<>();
    List<Integer> repeats = new ArrayList<>();
    Instant newest = Instant.MIN;
    for (Recording.Line line : Recording.of(records, 1).lines()) {
      Matcher at = AT.matcher(line.text());
      if (!at.find()) {
        continue;
      }
      Instant time = Instant.parse(at.group(1));
      if (first.putIfAbsent(line.text(), first.size()) != null) {
        repeats.add(first.size() - first.getOrDefault(line.text(), 0));
        assertThat(Duration.between(time, newest)).isLessThan(Duration.ofDays(3));
      }
      newest = time.isAfter(newest) ? time : newest;
    }
    assertThat(repeats).hasSizeGreaterThanOrEqualTo(records / 20 - 1);
  }

  @Test
  void a_recording_that_is_too_short_is_refused() {
    assertThatThrownBy(() -> Recording.of(Recording.LEAST - 1, 1))
        .hasMessage("found 49 records, expected 50 or more");
  }
}
