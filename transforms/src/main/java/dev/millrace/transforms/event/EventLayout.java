package dev.millrace.transforms.event;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of an event lie in its bytes.
 *
 * <pre>
 * version (1) | null bitmap (one bit a column) | fixed slots, in column order | variable bytes
 * </pre>
 *
 * A slot holds the value, little-endian, or for strings and bytes the offset at which the value
 * ends in the variable part. Columns are only ever appended, so that a stage that adds some copies
 * what was there and writes behind it.
 */
public final class EventLayout implements Serializable {

  static final byte VERSION = 1;

  private final Schema schema;
  private final @Nullable String idField;
  private final @Nullable String timeField;
  private final @Nullable String contract;
  private final List<Column> columns = new ArrayList<>();
  private final int fixedStart;
  private final int variableStart;

  private EventLayout(
      Schema schema,
      @Nullable String idField,
      @Nullable String timeField,
      @Nullable String contract) {
    this.schema = schema;
    this.idField = idField;
    this.timeField = timeField;
    this.contract = contract;
    this.fixedStart = 1 + (schema.getFieldCount() + 7) / 8;
    int offset = fixedStart;
    int previousEnd = Column.NO_OFFSET;
    int width = schema.getFields().stream().mapToInt(EventLayout::width).sum();
    this.variableStart = fixedStart + width;
    for (Field field : schema.getFields()) {
      ColumnType type = ColumnType.of(field.getName(), field.getType());
      boolean nullable = field.getType().getNullable();
      columns.add(
          new Column(
              field.getName(), columns.size(), type, nullable, offset, previousEnd, variableStart));
      if (type.variable()) {
        previousEnd = offset;
      }
      offset += type.width();
    }
  }

  private static int width(Field field) {
    return ColumnType.of(field.getName(), field.getType()).width();
  }

  /**
   * The layout of a schema of flat fields.
   *
   * @throws IllegalArgumentException naming a field whose type cannot be held
   */
  public static EventLayout of(Schema schema) {
    return new EventLayout(schema, null, null, null);
  }

  /** The same layout, knowing which columns hold the event's id and time. */
  public EventLayout withIdentity(String id, String time) {
    column(id);
    if (column(time).type() != ColumnType.TIMESTAMP) {
      throw new IllegalArgumentException(
          "event time field '%s': found type %s, expected timestamp-millis"
              .formatted(time, column(time).type()));
    }
    return new EventLayout(schema, id, time, contract);
  }

  /** This layout with {@code fields} behind its own. */
  public EventLayout plus(List<Field> fields) {
    for (Field field : fields) {
      if (schema.hasField(field.getName())) {
        throw new IllegalArgumentException(
            "column '%s' is defined twice; the columns before it: %s"
                .formatted(field.getName(), names()));
      }
    }
    Schema.Builder all = Schema.builder().addFields(schema.getFields());
    return new EventLayout(all.addFields(fields).build(), idField, timeField, contract);
  }

  /** The same layout, knowing the Avro schema (as JSON) that its first columns were decoded by. */
  public EventLayout withContract(String avroSchema) {
    return new EventLayout(schema, idField, timeField, avroSchema);
  }

  /** The Avro schema (as JSON) that the first columns were decoded by, where there is one. */
  public @Nullable String contract() {
    return contract;
  }

  /** The Beam schema of the columns, in order. */
  public Schema schema() {
    return schema;
  }

  /** The column that holds the id, where one does. */
  public @Nullable Column id() {
    return idField == null ? null : column(idField);
  }

  /** The column that holds the event time, where one does. */
  public @Nullable Column time() {
    return timeField == null ? null : column(timeField);
  }

  /** All columns, in order. */
  public List<Column> columns() {
    return List.copyOf(columns);
  }

  /** Whether there is a column of this name. */
  public boolean has(String name) {
    return schema.hasField(name);
  }

  /**
   * The column of this name.
   *
   * @throws IllegalArgumentException naming it and all columns there are
   */
  public Column column(String name) {
    if (!has(name)) {
      throw new IllegalArgumentException(
          "found column '%s', expected one of %s".formatted(name, names()));
    }
    return columns.get(schema.indexOf(name));
  }

  private String names() {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  int fixedStart() {
    return fixedStart;
  }

  int variableStart() {
    return variableStart;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventLayout that
        && schema.equals(that.schema)
        && Objects.equals(idField, that.idField)
        && Objects.equals(timeField, that.timeField)
        && Objects.equals(contract, that.contract);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }
}
