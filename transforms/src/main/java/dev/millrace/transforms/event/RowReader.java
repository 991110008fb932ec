package dev.millrace.transforms.event;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Reads the columns of one event, in their order, as rows within a row. */
final class RowReader {

  private final Event event;
  private final List<Column> columns;
  private int next;

  RowReader(Event event) {
    this.event = event;
    this.columns = event.layout().columns();
  }

  Row row(Schema schema) {
    @Nullable Object[] values = new Object[schema.getFieldCount()];
    for (int i = 0; i < values.length; i++) {
      FieldType type = schema.getField(i).getType();
      values[i] =
          type.getTypeName() == Schema.TypeName.ROW
              ? record(type)
              : columns.get(next++).value(event);
    }
    return Row.withSchema(schema).attachValues(Arrays.asList(values));
  }

  private @Nullable Row record(FieldType type) {
    boolean isNull = type.getNullable() && columns.get(next++).isNull(event);
    // Its columns are passed over even where it is null.
    Row row = row(Objects.requireNonNull(type.getRowSchema()));
    return isNull ? null : row;
  }
}
