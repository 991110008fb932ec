package dev.millrace.pipelines.spec.yaml;

import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.transforms.deliver.bigquery.BigQueryTable;
import dev.millrace.transforms.deliver.bigquery.WriteBigQuery;
import java.util.List;
import java.util.Optional;

/** {@code bigQuery: { table, create, clusterBy, maxRecordBytes, delivery }}. */
final class BigQueryTransport implements SinkTransport {

  private static final int MOST_CLUSTERED = 4;

  @Override
  public SinkSpec sink(Value value, Optional<SourceSpec> events) {
    Section section = value.section("table", "create", "clusterBy", "maxRecordBytes", "delivery");
    Value table = section.required("table");
    String name = table.text();
    BigQueryTable unused = table.checked(() -> BigQueryTable.named(name));
    section.optional("delivery").ifPresent(BigQueryTransport::atLeastOnce);
    boolean create = section.optional("create").map(BigQueryTransport::flag).orElse(false);
    Optional<Value> clusterBy = section.optional("clusterBy");
    List<String> columns = clusterBy.map(BigQueryTransport::clustered).orElse(List.of());
    int maxRecordBytes = KafkaTransport.maxRecordBytes(section, WriteBigQuery.LARGEST_ROW);
    return clusterBy
        .orElse(value)
        .checked(() -> new SinkSpec.BigQuery(name, create, columns, maxRecordBytes));
  }

  private static List<String> clustered(Value given) {
    List<String> columns = given.list(Value::column);
    if (columns.size() > MOST_CLUSTERED) {
      throw given.problem(
          "found %d columns, expected at most %d%s"
              .formatted(columns.size(), MOST_CLUSTERED, given.forPath()));
    }
    return columns;
  }

  private static boolean flag(Value given) {
    if (given.isText("true") || given.isText("false")) {
      return given.isText("true");
    }
    throw given.expected("true or false");
  }

  private static void atLeastOnce(Value given) {
    if (given.choice(SinkSpec.Delivery.class) == SinkSpec.Delivery.EXACTLY_ONCE) {
      throw given.problem(
          "found exactlyOnce, expected atLeastOnce%s: Beam's way to it takes a step's output for durable, which on Flink it is not before a checkpoint; a repeat has the same event_id"
              .formatted(given.forPath()));
    }
  }
}
