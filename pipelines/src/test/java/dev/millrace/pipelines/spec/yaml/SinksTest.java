package dev.millrace.pipelines.spec.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SinkSpec.FileFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to and no transport of events: tables, and files by window. */
class SinksTest {

  @TempDir Path folder;

  @Test
  void a_table_is_its_name_and_what_is_said_of_it() {
    assertThat(to("bigQuery: { table: bank-one:fraud.decisions }").read().to().get(0).sink())
        .isEqualTo(new SinkSpec.BigQuery("bank-one:fraud.decisions", false, List.of(), 1_000_000));
    assertThat(
            to("bigQuery: { table: bank-one.fraud.decisions, create: true, clusterBy: [decision],"
                    + " maxRecordBytes: 9500000, delivery: atLeastOnce }")
                .read()
                .to()
                .get(0)
                .sink())
        .isEqualTo(
            new SinkSpec.BigQuery(
                "bank-one.fraud.decisions", true, List.of("decision"), 9_500_000));
  }

  @Test
  void what_a_table_cannot_have_is_refused_at_its_place() {
    assertThat(to("bigQuery: { table: decisions }").problems())
        .containsExactly(
            "p.yaml:19:26: found table 'decisions', expected project.dataset.table, or"
                + " project:dataset.table");
    assertThat(to("bigQuery: { table: a.b, delivery: exactlyOnce }").problems())
        .singleElement()
        .asString()
        .startsWith(
            "p.yaml:19:41: found exactlyOnce, expected atLeastOnce for to.bigQuery.delivery: ");
    assertThat(to("bigQuery: { table: a.b, clusterBy: [decision] }").problems())
        .containsExactly(
            "p.yaml:19:31: found clusterBy for a table that is there, expected none, or create: true");
    assertThat(to("bigQuery: { table: a.b, create: true, clusterBy: [a, b, c, d, e] }").problems())
        .containsExactly(
            "p.yaml:19:45: found 5 columns, expected at most 4 for to.bigQuery.clusterBy");
    assertThat(to("bigQuery: { table: a.b, create: maybe }").problems())
        .containsExactly(
            "p.yaml:19:39: found 'maybe', expected true or false for to.bigQuery.create");
    assertThat(to("bigQuery: { table: a.b, maxRecordBytes: 9500001 }").problems())
        .containsExactly(
            "p.yaml:19:47: found '9500001', expected a whole number from 1 to 9500000 for"
                + " to.bigQuery.maxRecordBytes");
  }

  @Test
  void files_are_one_or_those_of_each_window() {
    assertThat(to("files: { path: /out/decisions.avro }").read().to().get(0).sink())
        .isEqualTo(new SinkSpec.Files("/out/decisions.avro"));
    assertThat(to("files: { path: \"gs://bank/decisions\", window: 5m }").read().to().get(0).sink())
        .isEqualTo(
            new SinkSpec.Files(
                "gs://bank/decisions",
                new SinkSpec.Windows(Duration.ofMinutes(5), FileFormat.AVRO, 1)));
    assertThat(
            to("files: { path: /out, window: 1h, format: json, shards: 4 }")
                .read()
                .to()
                .get(0)
                .sink())
        .isEqualTo(
            new SinkSpec.Files(
                "/out", new SinkSpec.Windows(Duration.ofHours(1), FileFormat.JSON, 4)));
  }

  @Test
  void files_that_cannot_be_are_refused_at_their_place() {
    assertThat(to("files: { path: /out, shards: 4 }").problems())
        .containsExactly(
            "p.yaml:19:36: found it for one file, whose name says its format, expected 'window'"
                + " beside it for to.files.shards");
    assertThat(to("files: { path: /out, window: 500ms }").problems())
        .containsExactly("p.yaml:19:36: found a window of 500 ms, expected whole seconds");
    assertThat(to("files: { path: /out, window: 5m, format: parquet }").problems())
        .containsExactly(
            "p.yaml:19:48: found parquet, expected one of avro, json: Parquet's writer needs"
                + " Hadoop's libraries");
    assertThat(to("files: { path: /out, window: 5m, format: orc }").problems())
        .containsExactly(
            "p.yaml:19:48: found 'orc', expected one of avro, json for to.files.format");
  }

  @Test
  void a_table_is_no_source() {
    assertThat(SpecText.in(folder).with("  from:\n    kafka:", "  from:\n    bigQuery:").problems())
        .isNotEmpty()
        .first()
        .asString()
        .contains(
            "found the unknown key 'bigQuery', expected one of kafka, eventHubs, pubsub, kinesis, files");
  }

  private SpecText to(String sink) {
    return SpecText.in(folder).with("kafka: { topic: decisions }", sink);
  }
}
