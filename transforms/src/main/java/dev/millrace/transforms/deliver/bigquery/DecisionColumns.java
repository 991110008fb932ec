package dev.millrace.transforms.deliver.bigquery;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.EventLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.values.Row;

/**
 * The columns of a table of decisions, named as the fields of {@link
 * dev.millrace.transforms.deliver.DecisionSchema} and in their order:
 *
 * <pre>
 * boolean                        BOOL
 * int, long                      INT64
 * float, double                  FLOAT64
 * string, enum, uuid             STRING
 * bytes                          BYTES
 * timestamp in millis or micros  TIMESTAMP
 * date                           DATE
 * decimal                        NUMERIC(p, s); BIGNUMERIC(p, s) of more than 9 digits behind the
 *                                point or 29 before it
 * array                          REPEATED; null is no items
 * map                            REPEATED STRUCT of key and value
 * record                         STRUCT
 * </pre>
 *
 * What is never null is required here. A table need not say so.
 */
final class DecisionColumns {

  /** What a reader drops repeats by. */
  static final String ID = "event_id";

  /** By which a table that is created here is partitioned. */
  static final String TIME = "event_time";

  private static final int NUMERIC_SCALE = 9;
  private static final int NUMERIC_WHOLE = 29;
  private static final int BIGNUMERIC_DIGITS = 38;
  private static final Pattern RESERVED =
      Pattern.compile(
          "(?i)(_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER|_CHANGE_).*");

  private static final Set<String> CLUSTERED =
      Set.of("STRING", "INT64", "NUMERIC", "BIGNUMERIC", "DATE", "TIMESTAMP", "BOOL");

  private final List<String> problems = new ArrayList<>();

  private DecisionColumns() {}

  /**
   * Of decisions over events of {@code layout}.
   *
   * @throws IllegalArgumentException naming every column that BigQuery cannot hold
   */
  static TableSchema of(EventLayout layout) {
    DecisionColumns columns = new DecisionColumns();
    List<TableFieldSchema> fields = new ArrayList<>(head());
    fields.addAll(columns.fields("", layout.schema()));
    columns.unique("", fields);
    if (!columns.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", columns.problems));
    }
    return new TableSchema().setFields(fields);
  }

  /**
   * Looks whether there are columns for {@code layout}, and a table can be clustered by these.
   *
   * @throws IllegalArgumentException naming what cannot be
   */
  static void check(EventLayout layout, List<String> clusterBy) {
    List<TableFieldSchema> fields = of(layout).getFields();
    for (String name : clusterBy) {
      boolean fits =
          fields.stream()
              .anyMatch(
                  field ->
                      field.getName().equals(name)
                          && CLUSTERED.contains(field.getType())
                          && !field.getMode().equals("REPEATED"));
      if (!fits) {
        throw new IllegalArgumentException(
            "found clusterBy '%s', expected a column of a decision that is one value, and no FLOAT64 or BYTES"
                .formatted(name));
      }
    }
  }

  private static List<TableFieldSchema> head() {
    return List.of(
        column(ID, "STRING"),
        column(TIME, "TIMESTAMP"),
        column("origin_transport", "STRING"),
        column("origin_source", "STRING"),
        column("origin_partition", "INT64"),
        column("origin_position", "INT64"),
        column("origin_message", "STRING"),
        column("pipeline", "STRING"),
        column("feature_version", "STRING"));
  }

  private static TableFieldSchema column(String name, String type) {
    return new TableFieldSchema().setName(name).setType(type).setMode("REQUIRED");
  }

  private List<TableFieldSchema> fields(String around, Schema schema) {
    return schema.getFields().stream()
        .map(field -> field(around + field.getName(), field.getName(), field.getType()))
        .toList();
  }

  private TableFieldSchema field(String path, String name, FieldType type) {
    if (RESERVED.matcher(name).matches()) {
      problems.add("column '%s': found a name that BigQuery keeps for itself".formatted(path));
    }
    TableFieldSchema column = column(path, name, type);
    return type.getNullable() && !column.getMode().equals("REPEATED")
        ? column.setMode("NULLABLE")
        : column;
  }

  private TableFieldSchema column(String path, String name, FieldType type) {
    return switch (ColumnType.of(type)) {
      case BOOLEAN -> column(name, "BOOL");
      case INT32, INT64 -> column(name, "INT64");
      case FLOAT, DOUBLE -> column(name, "FLOAT64");
      case STRING, ENUM, UUID -> column(name, "STRING");
      case BYTES -> column(name, "BYTES");
      case TIMESTAMP, TIMESTAMP_MICROS -> column(name, "TIMESTAMP");
      case DATE -> column(name, "DATE");
      case DECIMAL -> decimal(path, name, type);
      case LIST -> list(path, name, Objects.requireNonNull(type.getCollectionElementType()));
      case MAP ->
          column(name, "STRUCT")
              .setMode("REPEATED")
              .setFields(
                  List.of(
                      column("key", "STRING"),
                      field(
                          path + ".value",
                          "value",
                          Objects.requireNonNull(type.getMapValueType()))));
      case RECORD ->
          column(name, "STRUCT")
              .setFields(fields(path + ".", Objects.requireNonNull(type.getRowSchema())));
    };
  }

  private TableFieldSchema list(String path, String name, FieldType item) {
    ColumnType type = ColumnType.of(item);
    if (type == ColumnType.LIST || type == ColumnType.MAP) {
      problems.add(
          "column '%s': found a list of %s, expected one of values or records: BigQuery has no arrays of arrays"
              .formatted(path, type == ColumnType.LIST ? "lists" : "maps"));
      return column(name, "STRING").setMode("REPEATED");
    }
    return field(path, name, item).setMode("REPEATED");
  }

  private TableFieldSchema decimal(String path, String name, FieldType type) {
    int scale = digits(type, "scale");
    int whole = digits(type, "precision") - scale;
    if (scale > BIGNUMERIC_DIGITS || whole > BIGNUMERIC_DIGITS) {
      problems.add(
          "column '%s': found a decimal of %d digits before the point and %d behind it, expected at most %d of each"
              .formatted(path, whole, scale, BIGNUMERIC_DIGITS));
    }
    return column(name, isBig(type) ? "BIGNUMERIC" : "NUMERIC")
        .setPrecision((long) whole + scale)
        .setScale((long) scale);
  }

  /** Whether a decimal is a {@code BIGNUMERIC}. */
  static boolean isBig(FieldType decimal) {
    int scale = digits(decimal, "scale");
    return scale > NUMERIC_SCALE || digits(decimal, "precision") - scale > NUMERIC_WHOLE;
  }

  private static int digits(FieldType decimal, String what) {
    Row argument = decimal.getLogicalType(FixedPrecisionNumeric.class).getArgument();
    return Objects.requireNonNull(argument.getInt32(what));
  }

  /** To BigQuery a name is the same in capitals. */
  private void unique(String around, List<TableFieldSchema> fields) {
    Set<String> names = new HashSet<>();
    for (TableFieldSchema field : fields) {
      if (!names.add(field.getName().toLowerCase(Locale.ROOT))) {
        problems.add(
            "column '%s%s': found a second of that name, expected one: BigQuery does not tell capitals from small letters"
                .formatted(around, field.getName()));
      }
      if (field.getFields() != null) {
        unique(around + field.getName() + ".", field.getFields());
      }
    }
  }
}
