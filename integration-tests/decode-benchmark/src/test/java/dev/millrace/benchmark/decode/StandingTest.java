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
          new Measurement(PEER, 900, 890, 910, 2_000),
          new Measurement(OURS, 410, 400, 420, 700),
          new Measurement(JSON, 2_000, 1990, 2010, 900),
          new Measurement(JSON, 1_500, 1490, 1510, 900),
          new Measurement(OURS, 400, 390, 410, 704),
          new Measurement(PEER, 1_000, 990, 1010, 2_000),
          new Measurement(OURS, 2_000, 1990, 2010, 708),
          new Measurement(PEER, 1_025, 1015, 1035, 2_000));

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
                704,
                2.44,
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
                900,
                0.57,
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
            "card-transaction, avro                                   ns a record      bytes   x avro/avro-utils-row",
            "  millrace-row                                   410     (390-2,010)        704   2.44",
            "  avro-utils-row                               1,000     (890-1,035)      2,000   1.00",
            "",
            "medians of 3 JVMs each, least and most of their slices in brackets; every value of a row is read",
            "a JDK, a CPU",
            "SKIPPED chicago-taxi: trips.avro is absent",
            "UNSTEADY, on a machine busy with something else? Not to be relied on: card-transaction/avro/millrace-row");
  }

  @Test
  void rounds_that_do_not_agree_are_told() {
    assertThat(Standing.of(List.of(OURS, PEER), ROUNDS))
        .extracting(Standing::unsteady)
        .containsExactly(true, false);
  }
}
