package dev.millrace.transforms.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes columns of an event as one Avro record in binary. Each field takes the column of its name;
 * a nullable column is written as the union that the schema declares. Not thread-safe.
 */
public final class AvroEventWriter {

  /** What a record may have before the columns; Avro binary is one field after the other. */
  public interface Head {
    void write(Event event, BinaryEncoder encoder) throws IOException;
  }

  private record Target(Column column, int nullBranch, int valueBranch, @Nullable Schema symbols) {}

  private final List<Target> targets;
  private final Head head;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);

  /**
   * @param fields columns of {@code layout}, in the order in which to write them
   * @param head writes what comes before them
   * @throws IllegalArgumentException naming a field that the layout has not
   */
  public AvroEventWriter(List<Schema.Field> fields, EventLayout layout, Head head) {
    this.targets = fields.stream().map(field -> target(field, layout)).toList();
    this.head = head;
  }

  /** Writes {@code schema}, a record of columns of {@code layout}. */
  public AvroEventWriter(Schema schema, EventLayout layout) {
    this(schema.getFields(), layout, (event, encoder) -> {});
  }

  private static Target target(Schema.Field field, EventLayout layout) {
    Schema type = field.schema();
    int nullBranch = type.isUnion() ? type.getIndexNamed("null") : -1;
    int valueBranch = nullBranch == 0 ? 1 : 0;
    Schema value = type.isUnion() ? type.getTypes().get(valueBranch) : type;
    Schema symbols = value.getType() == Schema.Type.ENUM ? value : null;
    return new Target(layout.column(field.name()), nullBranch, valueBranch, symbols);
  }

  /** The record's bytes behind {@code prefix}. */
  public byte[] write(byte[] prefix, Event event) {
    out.reset();
    out.writeBytes(prefix);
    try {
      head.write(event, encoder);
      for (Target target : targets) {
        write(target, event);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private void write(Target target, Event event) throws IOException {
    Column column = target.column;
    boolean isNull = column.isNull(event);
    if (target.nullBranch >= 0) {
      encoder.writeIndex(isNull ? target.nullBranch : target.valueBranch);
    }
    if (isNull) {
      encoder.writeNull();
      return;
    }
    if (target.symbols != null) {
      encoder.writeEnum(target.symbols.getEnumOrdinal(column.getString(event)));
      return;
    }
    switch (column.type()) {
      case BOOLEAN -> encoder.writeBoolean(column.getBoolean(event));
      case INT32 -> encoder.writeInt(column.getInt(event));
      case INT64, TIMESTAMP -> encoder.writeLong(column.getLong(event));
      case FLOAT -> encoder.writeFloat(column.getFloat(event));
      case DOUBLE -> encoder.writeDouble(column.getDouble(event));
      case STRING, BYTES -> encoder.writeBytes(column.getBytes(event));
    }
  }
}
