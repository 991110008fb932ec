package dev.millrace.transforms.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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

  private record Target(Column column, int nullBranch, int valueBranch, @Nullable Schema symbols) {}

  private final List<Target> targets = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);

  /**
   * @param schema a record of columns of {@code layout}
   * @throws IllegalArgumentException naming a field that the layout has not
   */
  public AvroEventWriter(Schema schema, EventLayout layout) {
    for (Schema.Field field : schema.getFields()) {
      Schema type = field.schema();
      int nullBranch = type.isUnion() ? type.getIndexNamed("null") : -1;
      int valueBranch = nullBranch == 0 ? 1 : 0;
      Schema value = type.isUnion() ? type.getTypes().get(valueBranch) : type;
      Schema symbols = value.getType() == Schema.Type.ENUM ? value : null;
      targets.add(new Target(layout.column(field.name()), nullBranch, valueBranch, symbols));
    }
  }

  /** The record's bytes behind {@code prefix}. */
  public byte[] write(byte[] prefix, Event event) {
    out.reset();
    out.writeBytes(prefix);
    write(event, encoder);
    return out.toByteArray();
  }

  private void write(Event event, BinaryEncoder to) {
    try {
      for (Target target : targets) {
        Column column = target.column;
        boolean isNull = column.isNull(event);
        if (target.nullBranch >= 0) {
          to.writeIndex(isNull ? target.nullBranch : target.valueBranch);
        }
        if (isNull) {
          to.writeNull();
          continue;
        }
        if (target.symbols != null) {
          to.writeEnum(target.symbols.getEnumOrdinal(column.getString(event)));
          continue;
        }
        switch (column.type()) {
          case BOOLEAN -> to.writeBoolean(column.getBoolean(event));
          case INT32 -> to.writeInt(column.getInt(event));
          case INT64, TIMESTAMP -> to.writeLong(column.getLong(event));
          case FLOAT -> to.writeFloat(column.getFloat(event));
          case DOUBLE -> to.writeDouble(column.getDouble(event));
          case STRING, BYTES -> to.writeBytes(column.getBytes(event));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
