package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {

  @Test
  void what_grows_up_and_stays_is_flat() {
    List<Minute> soak = soak(minute -> minute < 10 ? 100 + 50 * minute : 600);
    assertThat(Trend.values()).allMatch(trend -> trend.isFlat(soak));
  }

  @Test
  void what_leaks_three_in_a_hundred_a_minute_is_not() {
    List<Minute> soak = soak(minute -> 1000 * (1 + 0.03 * minute));
    assertThat(Trend.HEAP.isFlat(soak)).isFalse();
    assertThat(Trend.RESIDENT.isFlat(soak)).isFalse();
    assertThat(Trend.THREADS.isFlat(soak)).isFalse();
    assertThat(Trend.STATE.isFlat(soak)).isFalse();
  }

  @Test
  void one_bad_minute_is_no_trend() {
    List<Minute> soak = soak(minute -> minute == 25 ? 5_000 : 100);
    assertThat(Trend.values()).allMatch(trend -> trend.isFlat(soak));
  }

  @Test
  void what_goes_up_and_down_is_flat() {
    List<Minute> soak = soak(minute -> 100 + 20 * ((minute + minute / 10) % 7));
    assertThat(Trend.values()).allMatch(trend -> trend.isFlat(soak));
  }

  @Test
  void picture_has_a_panel_for_each_figure() {
    String svg = SoakPlot.svg(soak(minute -> minute));
    assertThat(svg.split("<polyline", -1)).hasSize(Trend.values().length + 1);
    assertThat(svg).contains("p99, ms, up to 29.0").startsWith("<svg").endsWith("</svg>\n");
  }

  private interface Value {
    double at(int minute);
  }

  private static List<Minute> soak(Value value) {
    return IntStream.range(0, 30)
        .mapToDouble(value::at)
        .mapToObj(v -> new Minute(v, v, v, v, v, v))
        .toList();
  }
}
