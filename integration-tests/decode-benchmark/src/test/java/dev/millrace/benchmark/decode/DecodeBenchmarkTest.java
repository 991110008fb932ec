package dev.millrace.benchmark.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.cli.Millrace;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The command is found, and says what it is and what is wrong. */
class DecodeBenchmarkTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int millrace(String... arguments) {
    return Millrace.run(new PrintWriter(out, true), new PrintWriter(errors, true), arguments);
  }

  @Test
  void help_shows_an_example() {
    assertThat(millrace("bench", "--help")).isZero();
    assertThat(millrace("bench", "decode", "--help")).isZero();
    assertThat(out.toString())
        .contains("Example: millrace bench decode --quick")
        .contains("Example: millrace bench decode --json=decode.json --rounds=5");
  }

  @Test
  void a_benchmark_without_a_name() {
    assertThat(millrace("bench")).isEqualTo(2);
    assertThat(errors.toString()).contains("expected one of [decode]");
  }

  @Test
  void no_rounds_at_all() {
    assertThat(millrace("bench", "decode", "--rounds=0")).isEqualTo(2);
    assertThat(errors.toString()).contains("--rounds: found 0, expected at least 1");
  }

  @Test
  void a_file_in_a_folder_that_is_not_there() {
    assertThat(millrace("bench", "decode", "--json=/no-such-folder/decode.json")).isEqualTo(2);
    assertThat(errors.toString()).contains("--json: found no folder for /no-such-folder");
  }

  @Test
  void every_iteration_decodes_another_payload() throws Exception {
    OneRecord one = new OneRecord();
    one.dataset = "CARD_TRANSACTION";
    one.contestant = "avro/generic-record";
    one.open();
    Object first = one.decodeNext();
    assertThat(one.decodeNext()).isNotEqualTo(first);
    for (int i = 2; i < Dataset.RECORDS; i++) {
      one.decodeNext();
    }
    assertThat(one.decodeNext()).isEqualTo(first);
  }
}
