package dev.millrace.transforms.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Writes columns of an event as one Avro record in binary. Each field takes the column of its name,
 * or, where it is a record, the columns of its fields; what may be null is written as the union
 * that the schema declares. Not thread-safe.
 */
public final class AvroEventWriter {

  /** What a record may have before the columns; Avro binary is one field after the other. */
  public interface Head {
    void write(Event event, BinaryEncoder encoder) throws IOException;
  }

  /** Writes one field. */
  private interface Step {
    void write(Event event, BinaryEncoder encoder) throws IOException;
  }

  private final Step[] steps;
  private final Head head;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);

  /**
   * @param fields fields of {@code layout}, in the order in which to write them
   * @param head writes what comes before them
   * @throws IllegalArgumentException naming a field that the layout has not
   */
  public AvroEventWriter(List<Schema.Field> fields, EventLayout layout, Head head) {
    this.steps = steps("", fields, layout);
    this.head = head;
  }

  /** Writes {@code schema}, a record of columns of {@code layout}. */
  public AvroEventWriter(Schema schema, EventLayout layout) {
    this(schema.getFields(), layout, (event, encoder) -> {});
  }

  /** The record's bytes behind {@code prefix}. */
  public byte[] write(byte[] prefix, Event event) {
    out.reset();
    try {
      encoder.writeFixed(prefix);
      head.write(event, encoder);
      for (Step step : steps) {
        step.write(event, encoder);
      }
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static Step[] steps(String prefix, List<Schema.Field> fields, EventLayout layout) {
    return fields.stream().map(field -> step(prefix, field, layout)).toArray(Step[]::new);
  }

  private static Step step(String prefix, Schema.Field field, EventLayout layout) {
    String name = prefix + field.name();
    Schema type = field.schema();
    int nullBranch = type.isUnion() ? type.getIndexNamed("null") : -1;
    int valueBranch = nullBranch == 0 ? 1 : 0;
    Schema value = type.isUnion() ? type.getTypes().get(valueBranch) : type;
    Step step =
        value.getType() == Schema.Type.RECORD
            ? record(steps(name + ".", value.getFields(), layout))
            : scalar(layout.column(name), value);
    if (nullBranch < 0) {
      return step;
    }
    Column presence = layout.column(name);
    return (event, encoder) -> {
      boolean isNull = presence.isNull(event);
      encoder.writeIndex(isNull ? nullBranch : valueBranch);
      if (!isNull) {
        step.write(event, encoder);
      }
    };
  }

  private static Step record(Step[] fields) {
    return (event, encoder) -> {
      for (Step field : fields) {
        field.write(event, encoder);
      }
    };
  }

  private static Step scalar(Column column, Schema schema) {
    return switch (column.type()) {
      case BOOLEAN -> (event, encoder) -> encoder.writeBoolean(column.getBoolean(event));
      case INT32, DATE -> (event, encoder) -> encoder.writeInt(column.getInt(event));
      case INT64, TIMESTAMP, TIMESTAMP_MICROS ->
          (event, encoder) -> encoder.writeLong(column.getLong(event));
      case FLOAT -> (event, encoder) -> encoder.writeFloat(column.getFloat(event));
      case DOUBLE -> (event, encoder) -> encoder.writeDouble(column.getDouble(event));
      case STRING ->
          (event, encoder) -> {
            int start = column.start(event);
            encoder.writeBytes(event.part(column.part()), start, column.end(event) - start);
          };
      case BYTES, DECIMAL, ENUM, UUID, LIST, MAP ->
          (event, encoder) ->
              AvroValues.write(column.fieldType(), schema, column.value(event), encoder);
      case RECORD -> throw new IllegalStateException("a record has no value of its own");
    };
  }
}
