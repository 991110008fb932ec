package dev.millrace.transforms.lookup;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * What a lookup adds to an event.
 *
 * @param status the column that says what became of it; null for none
 */
public record LookupColumns(List<LookupColumn> columns, @Nullable String status)
    implements Serializable {

  public LookupColumns {
    columns = List.copyOf(columns);
  }

  /** The fields of a record that are wanted, each once. */
  public List<String> wanted() {
    return columns.stream().map(LookupColumn::field).distinct().toList();
  }

  /** Whether an event can do without a record. */
  boolean haveDefaults() {
    return columns.stream().allMatch(column -> column.defaultValue() != null);
  }

  /** The columns that can not. */
  List<String> withoutDefault() {
    return columns.stream()
        .filter(column -> column.defaultValue() == null)
        .map(LookupColumn::name)
        .toList();
  }

  List<Field> fields() {
    Stream<Field> looked = columns.stream().map(c -> Field.of(c.name(), c.type().fieldType()));
    return Stream.concat(
            looked, Stream.ofNullable(status).map(name -> Field.of(name, FieldType.STRING)))
        .toList();
  }

  Schema schema() {
    return Schema.builder().addFields(fields()).build();
  }
}
