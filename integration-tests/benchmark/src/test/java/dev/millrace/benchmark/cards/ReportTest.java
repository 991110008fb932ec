package dev.millrace.benchmark.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  @TempDir Path folder;

  @Test
  void a_ratio_is_the_median_of_the_rounds_ratios_and_not_that_of_the_medians() throws IOException {
    Report report = new Report(1_000);
    for (int[] round : new int[][] {{100, 100, 400}, {90, 100, 300}, {300, 200, 300}}) {
      report.add(Setting.BASE, Contestant.MILLRACE, drain(round[0]));
      report.add(Setting.BASE, Contestant.NATIVE, drain(round[1]));
      report.add(Setting.BASE, Contestant.PLAIN, drain(round[2]));
    }

    JsonNode throughput = write(report).path("throughput");
    assertThat(throughput.path("millrace").asDouble()).isEqualTo(100);
    assertThat(throughput.path("native").asDouble()).isEqualTo(100);
    assertThat(throughput.path("plain").asDouble()).isEqualTo(300);
    assertThat(throughput.path("ratioToNative").asDouble()).isEqualTo(1);
    assertThat(throughput.path("ratioToPlain").asDouble()).isCloseTo(0.3, within(1e-9));
  }

  @Test
  void what_was_not_measured_is_left_out() throws IOException {
    Report report = new Report(1_000);
    report.add(Setting.BASE, Contestant.MILLRACE, drain(100));

    assertThat(write(report).path("throughput").fieldNames())
        .toIterable()
        .containsExactly("millrace");
  }

  @Test
  void latency_is_by_rate_and_contestant() throws IOException {
    Report report = new Report(1_000);
    report.add(500, Contestant.NATIVE, new Delay(1, 2, 3, 4));
    report.add(500, Contestant.NATIVE, new Delay(3, 4, 5, 6));
    report.add(500, Contestant.MILLRACE, new Delay(1, 2, 6, 8));
    report.add(500, Contestant.MILLRACE, new Delay(1, 2, 5, 8));

    JsonNode of = write(report).at("/latency/500");
    assertThat(of.at("/native/p99").asDouble()).isEqualTo(4);
    assertThat(of.at("/p99RatioToNative").asDouble()).isEqualTo(1.5);
  }

  private JsonNode write(Report report) throws IOException {
    Path file = folder.resolve("report.json");
    report.write(file, 3);
    return new ObjectMapper().readTree(file.toFile());
  }

  private static Drain drain(double perSecond) {
    return new Drain(perSecond, perSecond, 1, 1, 1);
  }
}
