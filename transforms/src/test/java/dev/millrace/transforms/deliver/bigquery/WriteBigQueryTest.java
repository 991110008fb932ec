package dev.millrace.transforms.deliver.bigquery;

import static dev.millrace.transforms.deliver.bigquery.Purchases.purchase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.bigquery.model.TableRow;
import com.google.common.collect.ImmutableMap;
import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.AvroEventWriter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventCoder;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.testing.FakeBigQueryServices;
import org.apache.beam.sdk.io.gcp.testing.FakeDatasetService;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows in Beam's own fake of BigQuery, which keeps its tables in static fields. */
@ExtendWith(TestPipelineExtension.class)
class WriteBigQueryTest {

  private static final BigQueryTable TABLE = BigQueryTable.named("bank-one.fraud.decisions");

  private final FakeDatasetService datasets = new FakeDatasetService();

  @BeforeEach
  void make() throws Exception {
    FakeDatasetService.setUp();
    datasets.createDataset("bank-one", "fraud", "", "", null);
    datasets.createTable(
        TableDefinition.table(TABLE, DecisionColumns.of(Purchases.LAYOUT), List.of()));
  }

  @Test
  void every_column_is_there_in_bigquery_s_own_types(TestPipeline pipeline) throws Exception {
    write(pipeline, to(TABLE), purchase("p-1").event());
    pipeline.run();
    assertThat(rows()).hasSize(1);
    assertThat(plain(rows().get(0)))
        .containsExactlyInAnyOrderEntriesOf(
            ImmutableMap.<String, Object>builder()
                .put("event_id", "p-1")
                .put("event_time", "2018-04-01 T12:00:00")
                .put("origin_transport", "kafka")
                .put("origin_source", "purchases")
                .put("origin_partition", "3")
                .put("origin_position", "17")
                .put("origin_message", "")
                .put("pipeline", "shop")
                .put("feature_version", "7")
                .put("id", "p-1")
                .put("at", "2018-04-01 T12:00:00")
                .put("paid", "true")
                .put("items", "2")
                .put("customer", "9007199254740993")
                .put("weight", "0.25")
                .put("amount", "12.5")
                .put("channel", "WEB")
                .put("basket", Purchases.BASKET.toString())
                .put("raw", "AP8=")
                .put("seen", "1969-12-31 T23:59:59.999999")
                .put("due", "2018-04-30")
                .put("price", "-12.34")
                .put("rate", "1E-20")
                .put("note", "gift")
                .put("tags", List.of("new", "web"))
                .put("scores", List.of(Map.of("key", "model", "value", "0.75")))
                .put("shop", Map.of("name", "Corner"))
                .put("lines", List.of(Map.of("article", "pen", "count", "2")))
                .build());
  }

  @Test
  void what_is_null_is_left_out(TestPipeline pipeline) throws Exception {
    write(pipeline, to(TABLE), purchase("p-1").bare().event());
    pipeline.run();
    assertThat(rows().get(0)).doesNotContainKeys("note", "tags", "shop").containsKey("lines");
  }

  @Test
  void rows_that_the_table_refuses_are_dead_letters_of_their_own_events(TestPipeline pipeline)
      throws Exception {
    refuse(row -> "bad".equals(row.get("note")));
    Event bad = purchase("p-2").note("bad").event();
    PCollection<DeadLetter> letters =
        write(pipeline, to(TABLE), purchase("p-1").event(), bad, purchase("p-3").event());
    byte[] payload = new AvroEventWriter(Purchases.SCHEMA, bad.layout()).write(new byte[0], bad);
    PAssert.that(letters)
        .satisfies(
            all -> {
              DeadLetter letter = only(all);
              assertThat(letter.eventId()).isEqualTo("p-2");
              assertThat(letter.eventTime()).isEqualTo(Purchases.NOON);
              assertThat(letter.origin().toString()).isEqualTo("kafka:purchases/3@17");
              assertThat(letter.stage()).isEqualTo(Stage.DELIVER);
              assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
              assertThat(letter.message())
                  .startsWith("found a row that BigQuery refuses: Failing row");
              assertThat(letter.payload()).isEqualTo(payload);
              return null;
            });
    pipeline.run();
    assertThat(ids()).containsExactly("p-1", "p-3");
  }

  @Test
  void a_hundred_rows_of_which_every_third_is_refused_are_all_accounted_for(TestPipeline pipeline)
      throws Exception {
    refuse(row -> Integer.parseInt((String) row.get("event_id")) % 3 == 0);
    Event[] events =
        IntStream.range(0, 100)
            .mapToObj(i -> purchase(String.valueOf(i)).event())
            .toArray(Event[]::new);
    PCollection<DeadLetter> letters = write(pipeline, to(TABLE), events);
    PAssert.that(letters)
        .satisfies(
            all -> {
              Set<String> ids = new HashSet<>();
              all.forEach(letter -> ids.add(letter.eventId()));
              assertThat(ids).hasSize(34).allMatch(id -> Integer.parseInt(id) % 3 == 0);
              return null;
            });
    pipeline.run();
    assertThat(ids())
        .hasSize(66)
        .doesNotHaveDuplicates()
        .noneMatch(id -> Integer.parseInt(id) % 3 == 0);
  }

  @Test
  void what_bigquery_cannot_hold_never_reaches_it(TestPipeline pipeline) throws Exception {
    PCollection<DeadLetter> letters =
        write(
            pipeline,
            to(TABLE).withMaxBytes(1_000),
            purchase("p-1").tagged("a", null).event(),
            purchase("p-2").note("x".repeat(1_000)).event(),
            purchase("p-3").event());
    PAssert.that(letters)
        .satisfies(
            all -> {
              Map<String, String> messages = new TreeMap<>();
              all.forEach(letter -> messages.put(letter.eventId(), letter.message()));
              assertThat(messages)
                  .containsEntry(
                      "p-1",
                      "column 'tags': found null in a list, expected values: BigQuery's arrays have no nulls");
              assertThat(messages.get("p-2"))
                  .matches("found a row of 1,\\d\\d\\d bytes, expected at most 1,000");
              assertThat(messages).hasSize(2);
              return null;
            });
    pipeline.run();
    assertThat(ids()).containsExactly("p-3");
  }

  @Test
  void project_of_the_options_is_that_of_a_table_without_one(TestPipeline pipeline)
      throws Exception {
    pipeline.getOptions().as(BigQueryOptions.class).setBigQueryProject("bank-one");
    write(pipeline, to(BigQueryTable.named("fraud.decisions")), purchase("p-1").event());
    pipeline.run();
    assertThat(ids()).containsExactly("p-1");
  }

  @Test
  void most_bytes_are_what_a_request_can_have() {
    assertThatThrownBy(() -> to(TABLE).withMaxBytes(10_000_000))
        .hasMessage("found rows of at most 10,000,000 bytes, expected 1 to 9,500,000");
  }

  private WriteBigQuery to(BigQueryTable table) {
    return WriteBigQuery.to(table)
        .of("shop", "7")
        .withoutValidation()
        .by(new FakeBigQueryServices().withDatasetService(datasets));
  }

  private static PCollection<DeadLetter> write(
      TestPipeline pipeline, WriteBigQuery write, Event... events) {
    return pipeline
        .apply(Create.of(List.of(events)).withCoder(EventCoder.of(Purchases.LAYOUT)))
        .apply("Deliver", write);
  }

  private interface Refusal extends Function<TableRow, Boolean>, Serializable {}

  private void refuse(Refusal refusal) {
    datasets.setShouldFailRow(refusal);
  }

  /** Without the classes of Google's client, which are equal to none but themselves. */
  private static Map<String, Object> plain(TableRow row) throws IOException {
    return new ObjectMapper()
        .readValue(Transport.getJsonFactory().toString(row), new TypeReference<>() {});
  }

  private List<TableRow> rows() throws Exception {
    return datasets.getAllRows("bank-one", "fraud", "decisions");
  }

  private List<String> ids() throws Exception {
    return rows().stream().map(row -> (String) row.get("event_id")).sorted().toList();
  }

  private static DeadLetter only(Iterable<DeadLetter> letters) {
    assertThat(letters).hasSize(1);
    return letters.iterator().next();
  }
}
