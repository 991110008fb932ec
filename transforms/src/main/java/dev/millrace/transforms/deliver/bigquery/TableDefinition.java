package dev.millrace.transforms.deliver.bigquery;

import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.TimePartitioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table as a statement that creates it, and what keeps one that is there from holding rows. */
final class TableDefinition {

  private static final Map<String, String> NAMES =
      Map.of("INTEGER", "INT64", "FLOAT", "FLOAT64", "BOOLEAN", "BOOL", "RECORD", "STRUCT");

  /** What a row is nothing without. */
  private static final Set<String> KEPT = Set.of(DecisionColumns.ID, DecisionColumns.TIME);

  private TableDefinition() {}

  /**
   * A table for rows of {@code schema}, partitioned by the day of the event. Only {@code event_id}
   * and {@code event_time} are required: a column that is added later cannot be, and one that
   * decisions no longer have must not be.
   */
  static Table table(BigQueryTable name, TableSchema schema, List<String> clusterBy) {
    Table table =
        new Table()
            .setTableReference(name.reference())
            .setSchema(new TableSchema().setFields(lenient(schema.getFields())))
            .setTimePartitioning(
                new TimePartitioning().setType("DAY").setField(DecisionColumns.TIME));
    return clusterBy.isEmpty() ? table : table.setClustering(new Clustering().setFields(clusterBy));
  }

  private static List<TableFieldSchema> lenient(List<TableFieldSchema> fields) {
    return fields.stream().map(TableDefinition::lenient).toList();
  }

  private static TableFieldSchema lenient(TableFieldSchema field) {
    boolean kept = KEPT.contains(field.getName()) || isRepeated(field);
    return new TableFieldSchema()
        .setName(field.getName())
        .setType(field.getType())
        .setMode(kept ? field.getMode() : "NULLABLE")
        .setPrecision(field.getPrecision())
        .setScale(field.getScale())
        .setFields(field.getFields() == null ? null : lenient(field.getFields()));
  }

  /** The statement that creates {@link #table}, in GoogleSQL. */
  static String sql(BigQueryTable name, TableSchema schema, List<String> clusterBy) {
    String clustered = clusterBy.isEmpty() ? "" : " CLUSTER BY " + String.join(", ", clusterBy);
    return "CREATE TABLE `%s` (%s) PARTITION BY DATE(%s)%s"
        .formatted(name, columns(lenient(schema.getFields())), DecisionColumns.TIME, clustered);
  }

  private static String columns(List<TableFieldSchema> fields) {
    return String.join(
        ", ",
        fields.stream()
            .map(
                field ->
                    "%s %s%s"
                        .formatted(
                            field.getName(), type(field), isRequired(field) ? " NOT NULL" : ""))
            .toList());
  }

  private static String type(TableFieldSchema field) {
    String type = name(field);
    if (type.equals("STRUCT")) {
      type = "STRUCT<%s>".formatted(columns(field.getFields()));
    } else if (field.getPrecision() != null) {
      type = "%s(%d, %d)".formatted(type, field.getPrecision(), scale(field));
    }
    return isRepeated(field) ? "ARRAY<%s>".formatted(type) : type;
  }

  /** Every reason why rows of {@code expected} cannot be appended to a table of {@code found}. */
  static List<String> misfits(TableSchema expected, TableSchema found) {
    List<String> problems = new ArrayList<>();
    misfits("", expected.getFields(), fields(found.getFields()), problems);
    return problems;
  }

  private static void misfits(
      String around,
      List<TableFieldSchema> expected,
      List<TableFieldSchema> found,
      List<String> problems) {
    Map<String, TableFieldSchema> others = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    found.forEach(field -> others.put(field.getName(), field));
    for (TableFieldSchema field : expected) {
      String path = around + field.getName();
      TableFieldSchema there = others.remove(field.getName());
      if (there == null) {
        problems.add("column '%s': found none, expected %s".formatted(path, type(field)));
      } else if (!name(there).equals(name(field)) || isRepeated(there) != isRepeated(field)) {
        problems.add(
            "column '%s': found %s, expected %s".formatted(path, type(there), type(field)));
      } else {
        narrower(path, field, there, problems);
        if (name(field).equals("STRUCT")) {
          misfits(path + ".", field.getFields(), fields(there.getFields()), problems);
        }
      }
    }
    others.values().stream()
        .filter(field -> isRequired(field) && field.getDefaultValueExpression() == null)
        .forEach(
            field ->
                problems.add(
                    "column '%s%s': found it required, expected it nullable: decisions do not have it"
                        .formatted(around, field.getName())));
  }

  private static void narrower(
      String path, TableFieldSchema field, TableFieldSchema there, List<String> problems) {
    if (isRequired(there) && !isRequired(field)) {
      problems.add(
          "column '%s': found it required, expected it nullable: it is null in some decisions"
              .formatted(path));
    }
    Long precision = there.getPrecision();
    if (field.getPrecision() != null && precision != null) {
      long whole = field.getPrecision() - scale(field);
      if (scale(there) < scale(field) || precision - scale(there) < whole) {
        problems.add(
            "column '%s': found %s, expected %s or wider"
                .formatted(path, type(there), type(field)));
      }
    }
  }

  private static String name(TableFieldSchema field) {
    return NAMES.getOrDefault(field.getType(), field.getType());
  }

  private static boolean isRequired(TableFieldSchema field) {
    return "REQUIRED".equals(field.getMode());
  }

  private static boolean isRepeated(TableFieldSchema field) {
    return "REPEATED".equals(field.getMode());
  }

  private static long scale(TableFieldSchema field) {
    return field.getScale() == null ? 0 : field.getScale();
  }

  private static List<TableFieldSchema> fields(@Nullable List<TableFieldSchema> given) {
    return given == null ? List.of() : given;
  }
}
