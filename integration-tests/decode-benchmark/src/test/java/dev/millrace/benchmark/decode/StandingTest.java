package dev.millrace.benchmark.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.benchmark.decode.Measurement.Trial;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {

  private static final Trial PEER = trial("avro/avro-utils-row");
  private static final Trial OURS = trial("avro/millrace-row");
  private static final Trial JSON = trial("json/millrace-row");

  private static Trial trial(String contestant) {
    return new Trial(Dataset.Source.CARD_TRANSACTION, Contestant.of(contestant));
  }

  private static final List<Measurement> ROUNDS =
      List.of(
          new Measurement(PEER, 900, 890, 910, 1000, 2_000),
          new Measurement(OURS, 410, 400, 420, 400, 700),
          new Measurement(JSON, 2_000, 1990, 2010, 1600, 900),
          new Measurement(JSON, 1_500, 1490, 1510, 1600, 900),
          new Measurement(OURS, 400, 390, 410, 400, 704),
          new Measurement(PEER, 1_000, 990, 1010, 1000, 2_000),
          new Measurement(OURS, 2_000, 1990, 2010, 400, 708),
          new Measurement(PEER, 1_025, 1015, 1035, 1000, 2_000));

  @Test
  void one_slow_round_does_not_move_the_median() {
    assertThat(Standing.of(List.of(OURS), ROUNDS))
        .containsExactly(
            new Standing(
                "card-transaction",
                "avro",
                "millrace-row",
                410,
                390,
                2_010,
                400,
                704,
                2.44,
                2.5,
                "avro/avro-utils-row"));
  }

  @Test
  void a_format_that_avro_utils_cannot_read_is_compared_with_its_avro() {
    assertThat(Standing.of(List.of(JSON), ROUNDS))
        .containsExactly(
            new Standing(
                "card-transaction",
                "json",
                "millrace-row",
                1_750,
                1_490,
                2_010,
                1_600,
                900,
                0.57,
                0.63,
                "avro/avro-utils-row"));
  }

  @Test
  void the_table_has_one_line_for_each_contestant() {
    StringWriter screen = new StringWriter();
    Report report =
        new Report(
            Standing.of(List.of(OURS, PEER), ROUNDS),
            List.of(new Report.Skipped("chicago-taxi", "trips.avro is absent")),
            List.of("card-transaction/avro/millrace-row"),
            Dataset.RECORDS,
            "a JDK",
            "a CPU",
            3);
    report.print(new PrintWriter(screen));
    assertThat(screen.toString().lines())
        .containsExactly(
            "",
            "card-transaction, avro               ns a record                       x      CPU ns      x     bytes",
            "  millrace-row                               410      (390-2,010)   2.44         400   2.50       704",
            "  avro-utils-row                           1,000      (890-1,035)   1.00       1,000   1.00     2,000",
            "  x: how many times faster than avro/avro-utils-row",
            "",
            "medians of 3 JVMs each, least and most of their slices in brackets; every value of a row is read",
            "a JDK, a CPU",
            "SKIPPED chicago-taxi: trips.avro is absent",
            "UNSTEADY, on a machine busy with something else? CPU time is steadier. These: card-transaction/avro/millrace-row");
  }

  @Test
  void rounds_that_do_not_agree_are_told() {
    assertThat(Standing.of(List.of(OURS, PEER), ROUNDS))
        .extracting(Standing::unsteady)
        .containsExactly(true, false);
  }
}
