package dev.millrace.pipelines.assembly;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SinkSpec.FileFormat;
import dev.millrace.pipelines.spec.SinkSpec.Windows;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.event.EventLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.junit.jupiter.api.Test;

class SinkCheckTest {

  private static final SourceSpec TOPIC =
      new SourceSpec.Kafka("broker:9092", "payments", null, Map.of());
  private static final SourceSpec FILES = new SourceSpec.Files("payments.avro");
  private static final SinkSpec ONE_FILE = new SinkSpec.Files("out.avro");
  private static final SinkSpec WINDOWS =
      new SinkSpec.Files("out", new Windows(Duration.ofMinutes(5), FileFormat.AVRO, 1));
  private static final EventLayout LAYOUT =
      EventLayout.of(
          Schema.builder()
              .addField("amount", FieldType.DOUBLE)
              .addField("decision", FieldType.STRING)
              .build());

  @Test
  void one_file_takes_what_has_an_end() {
    assertThatCode(() -> SinkCheck.decisions(ONE_FILE, FILES, LAYOUT)).doesNotThrowAnyException();
    assertThatCode(() -> SinkCheck.decisions(WINDOWS, FILES, LAYOUT)).doesNotThrowAnyException();
    assertThatCode(() -> SinkCheck.decisions(WINDOWS, TOPIC, LAYOUT)).doesNotThrowAnyException();
    assertThatThrownBy(() -> SinkCheck.decisions(ONE_FILE, TOPIC, LAYOUT))
        .hasMessage(
            "found one file for kafka, which has no end, expected a folder with files of a time each: window: 5m");
    assertThatThrownBy(() -> SinkCheck.deadLetters(ONE_FILE, TOPIC))
        .hasMessageContaining("expected a folder with files of a time each");
  }

  @Test
  void tables_take_decisions_and_no_dead_letters() {
    SinkSpec table = new SinkSpec.BigQuery("bank.fraud.decisions", false, List.of(), 1_000);
    assertThatCode(() -> SinkCheck.decisions(table, TOPIC, LAYOUT)).doesNotThrowAnyException();
    assertThatThrownBy(() -> SinkCheck.deadLetters(table, TOPIC))
        .hasMessageStartingWith("found bigQuery for dead letters, expected a topic or files");
  }

  @Test
  void table_is_clustered_by_columns_that_decisions_have() {
    assertThatCode(() -> SinkCheck.decisions(clustered("decision"), TOPIC, LAYOUT))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> SinkCheck.decisions(clustered("verdict"), TOPIC, LAYOUT))
        .hasMessageStartingWith("found clusterBy 'verdict', expected a column of a decision");
    assertThatThrownBy(() -> SinkCheck.decisions(clustered("amount"), TOPIC, LAYOUT))
        .hasMessageContaining("no FLOAT64 or BYTES");
  }

  private static SinkSpec clustered(String column) {
    return new SinkSpec.BigQuery("bank.fraud.decisions", true, List.of(column), 1_000);
  }
}
