package dev.millrace.transforms.event;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of an event lie in its bytes. They are in parts: one has what was decoded, each
 * other what a stage {@linkplain #plus added}, which so copies nothing of what was there. A part is
 *
 * <pre>
 * null bitmap (one bit a column) | fixed slots, in column order | variable bytes
 * </pre>
 *
 * A slot holds the value, little-endian, or for what has no fixed size the offset at which it ends
 * among the variable bytes.
 *
 * <p>A field that is a record has no bytes of its own: each of its fields is a column, named by the
 * path to it. A record that may be null is a column before them, which only its null bit says
 * anything about. So the fields of a nested record are keys, features and variables as all others
 * are. A list or a map is one column.
 */
public final class EventLayout implements Serializable {

  static final byte VERSION = 4;

  private final Schema schema;
  private final @Nullable String idField;
  private final @Nullable String timeField;
  private final @Nullable String contract;
  private final List<Column> columns;
  private final Map<String, Column> byName = new HashMap<>();
  private final List<Integer> fieldsOfParts;
  private final List<Part> parts = new ArrayList<>();

  private EventLayout(
      Schema schema,
      List<Integer> fieldsOfParts,
      @Nullable String idField,
      @Nullable String timeField,
      @Nullable String contract) {
    this.schema = schema;
    this.fieldsOfParts = fieldsOfParts;
    this.idField = idField;
    this.timeField = timeField;
    this.contract = contract;
    int field = 0;
    for (int fields : fieldsOfParts) {
      List<Leaf> leaves = new ArrayList<>();
      collect("", false, schema.getFields().subList(field, field + fields), leaves);
      addPart(leaves);
      field += fields;
    }
    this.columns = parts.stream().flatMap(part -> part.columns().stream()).toList();
    columns.forEach(column -> byName.put(column.name(), column));
  }

  /** Columns that were added together, and where their slots and their variable bytes begin. */
  record Part(List<Column> columns, int fixedStart, int variableStart) implements Serializable {}

  /** A column to be, before it has a place. */
  private record Leaf(String name, FieldType type, boolean nullable) {
    int width() {
      return ColumnType.of(name, type).width();
    }
  }

  private static void collect(
      String prefix, boolean nullable, List<Field> fields, List<Leaf> leaves) {
    for (Field field : fields) {
      String name = prefix + field.getName();
      FieldType type = field.getType();
      boolean mayBeNull = nullable || type.getNullable();
      Schema nested = type.getRowSchema();
      if (nested == null || type.getNullable()) {
        leaves.add(new Leaf(name, type, mayBeNull));
      }
      if (nested != null) {
        collect(name + ".", mayBeNull, nested.getFields(), leaves);
      }
    }
  }

  private void addPart(List<Leaf> leaves) {
    int fixedStart = (leaves.size() + 7) / 8;
    int variableStart = fixedStart + leaves.stream().mapToInt(Leaf::width).sum();
    int offset = fixedStart;
    int previousEnd = Column.NO_OFFSET;
    int before = parts.stream().mapToInt(part -> part.columns().size()).sum();
    List<Column> added = new ArrayList<>();
    for (Leaf leaf : leaves) {
      Column column =
          new Column(
              leaf.name,
              before + added.size(),
              parts.size(),
              added.size(),
              leaf.type,
              leaf.nullable,
              offset,
              previousEnd,
              variableStart);
      added.add(column);
      if (column.type().variable()) {
        previousEnd = offset;
      }
      offset += column.type().width();
    }
    parts.add(new Part(List.copyOf(added), fixedStart, variableStart));
  }

  /**
   * The layout of a schema.
   *
   * @throws IllegalArgumentException naming a field whose type cannot be held
   */
  public static EventLayout of(Schema schema) {
    return new EventLayout(schema, List.of(schema.getFieldCount()), null, null, null);
  }

  /** The same layout, knowing which columns hold the event's id and time. */
  public EventLayout withIdentity(String id, String time) {
    column(id);
    column(time);
    return new EventLayout(schema, fieldsOfParts, id, time, contract);
  }

  /** This layout with {@code fields} behind its own, in a part of theirs. */
  public EventLayout plus(List<Field> fields) {
    if (fields.isEmpty()) {
      return this;
    }
    for (Field field : fields) {
      if (has(field.getName()) || schema.hasField(field.getName())) {
        throw new IllegalArgumentException(
            "column '%s' is defined twice; the columns before it: %s"
                .formatted(field.getName(), names()));
      }
    }
    Schema.Builder all = Schema.builder().addFields(schema.getFields());
    List<Integer> more = new ArrayList<>(fieldsOfParts);
    more.add(fields.size());
    return new EventLayout(all.addFields(fields).build(), more, idField, timeField, contract);
  }

  /** The same layout, knowing the Avro schema (as JSON) that its first fields were decoded by. */
  public EventLayout withContract(String avroSchema) {
    return new EventLayout(schema, fieldsOfParts, idField, timeField, avroSchema);
  }

  /** The Avro schema (as JSON) that the first fields were decoded by, where there is one. */
  public @Nullable String contract() {
    return contract;
  }

  /** The Beam schema of the event; a record within it is a row within the row. */
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
    return columns;
  }

  /** Whether there is a column of this name. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * The column of this name; of a nested record's field, the path to it.
   *
   * @throws IllegalArgumentException naming it and all columns there are
   */
  public Column column(String name) {
    Column column = byName.get(name);
    if (column == null) {
      throw new IllegalArgumentException(
          "found column '%s', expected one of %s".formatted(name, names()));
    }
    return column;
  }

  private String names() {
    return columns.stream()
        .filter(column -> column.type() != ColumnType.RECORD)
        .map(Column::name)
        .collect(Collectors.joining(", "));
  }

  List<Part> parts() {
    return parts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventLayout that
        && schema.equals(that.schema)
        && fieldsOfParts.equals(that.fieldsOfParts)
        && Objects.equals(idField, that.idField)
        && Objects.equals(timeField, that.timeField)
        && Objects.equals(contract, that.contract);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }
}
