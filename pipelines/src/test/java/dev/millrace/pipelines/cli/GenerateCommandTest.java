package dev.millrace.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {

  private static final Path CARD_FRAUD =
      Path.of(System.getProperty("millrace.root"), "pipelines/card-fraud");
  private static final String HANDBOOK = CARD_FRAUD.resolve("handbook.yaml").toString();
  private static final String STREAM = CARD_FRAUD.resolve("card-fraud.yaml").toString();

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int generate(String spec, String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "generate";
    arguments[1] = spec;
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Millrace.run(new PrintWriter(out, true), new PrintWriter(errors, true), arguments);
  }

  @Test
  void a_file_has_the_events_asked_for_and_the_last_line_the_truth() throws IOException {
    Path file = folder.resolve("payments.jsonl");
    int code =
        generate(
            STREAM,
            "--events=500",
            "--customers=50",
            "--from=2026-03-01",
            "--duplicates=0.1",
            "--out=" + file);
    assertThat(code).isZero();
    long duplicates = Files.readAllLines(file).size() - 500L;
    assertThat(duplicates).isBetween(20L, 90L);
    assertThat(Files.readAllLines(file).get(0))
        .startsWith("{\"transaction_id\":\"tx-00000000\",\"occurred_at\":\"2026-03-01T");
    assertThat(out.toString())
        .contains("wrote %s with %d records".formatted(file, 500 + duplicates))
        .contains("500 payments, ")
        .contains("besides %d duplicates, 0 malformed".formatted(duplicates));
  }

  @Test
  void days_are_an_alternative_to_events() throws IOException {
    Path file = folder.resolve("payments.csv");
    assertThat(generate(HANDBOOK, "--days=3", "--customers=50", "--out=" + file)).isZero();
    assertThat(Files.readAllLines(file).get(1)).contains(",2018-04-01T");
    assertThat(Files.readString(file)).contains(",2018-04-03T").doesNotContain(",2018-04-04T");
    assertThat(generate(HANDBOOK, "--days=3", "--events=3", "--out=" + file)).isEqualTo(2);
    assertThat(errors.toString()).contains("--days").contains("mutually exclusive");
  }

  @Test
  void one_seed_gives_one_file_and_another_seed_another() throws IOException {
    Path first = folder.resolve("1.csv");
    Path second = folder.resolve("2.csv");
    Path other = folder.resolve("3.csv");
    generate(HANDBOOK, "--events=100", "--customers=50", "--seed=7", "--out=" + first);
    generate(HANDBOOK, "--events=100", "--customers=50", "--seed=7", "--out=" + second);
    generate(HANDBOOK, "--events=100", "--customers=50", "--seed=8", "--out=" + other);
    assertThat(second).hasSameTextualContentAs(first);
    assertThat(Files.readString(other)).isNotEqualTo(Files.readString(first));
  }

  @Test
  void a_source_of_files_is_written_once_and_never_over() {
    String path = "--set=events.from.files.path=" + folder.resolve("history.csv");
    assertThat(generate(HANDBOOK, path, "--events=10", "--customers=50")).isZero();
    assertThat(folder.resolve("history.csv")).exists();
    assertThat(generate(HANDBOOK, path, "--events=10", "--customers=50")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("history.csv, expected a file that is not there yet, or --out=FILE");
  }

  @Test
  void a_file_cannot_hold_what_cannot_be_read() {
    assertThat(generate(HANDBOOK, "--malformed=0.1", "--out=" + folder.resolve("x.csv")))
        .isEqualTo(2);
    assertThat(errors.toString()).contains("found --malformed or --unknown-schema for a file");
  }

  @Test
  void a_probability_above_one_is_refused() {
    assertThat(generate(HANDBOOK, "--late=1.5", "--out=" + folder.resolve("x.csv"))).isEqualTo(2);
    assertThat(errors.toString()).contains("late must be a probability from 0 to 1, but is 1.5");
  }

  @Test
  void an_unknown_schema_needs_frames() {
    assertThat(
            generate(
                STREAM,
                "--unknown-schema=0.1",
                "--set=events.format.avro.framing=none",
                "--set=labels.format.avro.framing=none"))
        .isEqualTo(2);
    assertThat(errors.toString()).contains("found --unknown-schema for payloads without framing");
  }

  @Test
  void labels_in_other_frames_than_the_events_are_refused() {
    assertThat(generate(STREAM, "--set=labels.format.avro.framing=none")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("card-fraud.yaml:")
        .contains("found framing NONE, expected that of the events, CONFLUENT");
  }
}
