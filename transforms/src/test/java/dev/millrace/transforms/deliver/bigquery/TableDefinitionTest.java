package dev.millrace.transforms.deliver.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.JsonFactory;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import dev.millrace.transforms.event.EventLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.junit.jupiter.api.Test;

class TableDefinitionTest {

  private static final BigQueryTable TABLE = BigQueryTable.named("bank-one:fraud.decisions");
  private static final TableSchema EXPECTED = DecisionColumns.of(Purchases.LAYOUT);

  @Test
  void names_are_read_as_people_write_them() {
    assertThat(TABLE).isEqualTo(BigQueryTable.named("bank-one.fraud.decisions"));
    assertThat(BigQueryTable.named("example.com:bank-one.fraud.decisions").project())
        .isEqualTo("example.com:bank-one");
    assertThat(BigQueryTable.named("fraud.decisions").project()).isEmpty();
    assertThatThrownBy(() -> BigQueryTable.named("decisions"))
        .hasMessage(
            "found table 'decisions', expected project.dataset.table, or project:dataset.table");
  }

  @Test
  void statement_that_creates_the_table_has_every_column() {
    assertThat(TableDefinition.sql(TABLE, EXPECTED, List.of("channel")))
        .isEqualTo(
            "CREATE TABLE `bank-one.fraud.decisions` (event_id STRING NOT NULL, event_time TIMESTAMP NOT NULL,"
                + " origin_transport STRING, origin_source STRING, origin_partition INT64, origin_position INT64,"
                + " origin_message STRING, pipeline STRING, feature_version STRING, id STRING, at TIMESTAMP,"
                + " paid BOOL, items INT64, customer INT64, weight FLOAT64, amount FLOAT64, channel STRING,"
                + " basket STRING, raw BYTES, seen TIMESTAMP, due DATE, price NUMERIC(10, 2),"
                + " rate BIGNUMERIC(38, 20), note STRING, tags ARRAY<STRING>,"
                + " scores ARRAY<STRUCT<key STRING, value FLOAT64>>, shop STRUCT<name STRING, opened DATE>,"
                + " lines ARRAY<STRUCT<article STRING, count INT64>>) PARTITION BY DATE(event_time) CLUSTER BY channel");
  }

  @Test
  void table_that_is_made_so_holds_the_rows() {
    TableSchema made = TableDefinition.table(TABLE, EXPECTED, List.of()).getSchema();
    assertThat(TableDefinition.misfits(EXPECTED, made)).isEmpty();
    assertThat(TableDefinition.misfits(EXPECTED, EXPECTED)).isEmpty();
  }

  @Test
  void types_are_the_same_by_their_older_names_and_columns_in_capitals() {
    TableSchema legacy =
        altered(
            field ->
                field
                    .setName(field.getName().toUpperCase(java.util.Locale.ROOT))
                    .setType(
                        switch (field.getType()) {
                          case "INT64" -> "INTEGER";
                          case "FLOAT64" -> "FLOAT";
                          case "BOOL" -> "BOOLEAN";
                          case "STRUCT" -> "RECORD";
                          default -> field.getType();
                        }));
    assertThat(TableDefinition.misfits(EXPECTED, legacy)).isEmpty();
  }

  @Test
  void all_that_does_not_fit_is_named_at_once() {
    TableSchema other =
        altered(
            field ->
                switch (field.getName()) {
                  case "amount" -> field.setName("total");
                  case "items" -> field.setType("STRING");
                  case "tags" -> field.setMode("NULLABLE");
                  case "note" -> field.setMode("REQUIRED");
                  case "price" -> field.setPrecision(9L);
                  case "lines" -> field.setFields(field.getFields().subList(0, 1));
                  default -> field;
                });
    other
        .getFields()
        .add(new TableFieldSchema().setName("branch").setType("STRING").setMode("REQUIRED"));
    assertThat(TableDefinition.misfits(EXPECTED, other))
        .containsExactly(
            "column 'items': found STRING, expected INT64",
            "column 'amount': found none, expected FLOAT64",
            "column 'price': found NUMERIC(9, 2), expected NUMERIC(10, 2) or wider",
            "column 'note': found it required, expected it nullable: it is null in some decisions",
            "column 'tags': found STRING, expected ARRAY<STRING>",
            "column 'lines.count': found none, expected INT64",
            "column 'branch': found it required, expected it nullable: decisions do not have it",
            "column 'total': found it required, expected it nullable: decisions do not have it");
  }

  @Test
  void columns_that_bigquery_cannot_have_are_refused_together() {
    EventLayout layout =
        EventLayout.of(
            Schema.builder()
                .addField("id", FieldType.STRING)
                .addField("ID", FieldType.STRING)
                .addField("Event_Id", FieldType.STRING)
                .addField("_partition_day", FieldType.STRING)
                .addField("matrix", FieldType.array(FieldType.array(FieldType.DOUBLE)))
                .addField("huge", FieldType.logicalType(FixedPrecisionNumeric.of(60, 40)))
                .build());
    assertThatThrownBy(() -> DecisionColumns.of(layout))
        .hasMessageContaining(
            "column '_partition_day': found a name that BigQuery keeps for itself")
        .hasMessageContaining("column 'matrix': found a list of lists")
        .hasMessageContaining(
            "column 'huge': found a decimal of 20 digits before the point and 40 behind it")
        .hasMessageContaining("column 'ID': found a second of that name")
        .hasMessageContaining("column 'Event_Id': found a second of that name");
  }

  private static TableSchema altered(UnaryOperator<TableFieldSchema> alteration) {
    try {
      JsonFactory json = Transport.getJsonFactory();
      TableSchema copy = json.fromString(json.toString(EXPECTED), TableSchema.class);
      copy.getFields().replaceAll(alteration);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
