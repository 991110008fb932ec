package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.ColumnType;
import java.io.IOException;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field of a writer's record into the draft. Which one is found once for each writer's
 * schema, by Avro's rules of resolution (specification 1.12, "Schema Resolution"), with one rule
 * more: a time in another unit is refused, since Avro would read it as if it were milliseconds.
 */
interface AvroStep {

  void read(AvroInput in, EventDraft draft) throws IOException, UndecodableException;

  /**
   * The step from what {@code written} writes to a field of the contract.
   *
   * @return null when nothing that it writes can be read
   */
  static @Nullable AvroStep of(Schema written, ContractField field, Schema contractType) {
    int index = field.index();
    return switch (written.getType()) {
      case UNION -> union(written.getTypes(), field, contractType);
      case NULL -> field.nullable() ? (in, draft) -> {} : null;
      case BOOLEAN ->
          field.type() == ColumnType.BOOLEAN
              ? (in, draft) -> draft.setBoolean(index, in.readBoolean())
              : null;
      case INT, LONG -> whole(written, field);
      case FLOAT ->
          switch (field.type()) {
            case FLOAT -> (in, draft) -> draft.setFloat(index, in.readFloat());
            case DOUBLE -> (in, draft) -> draft.setDouble(index, in.readFloat());
            default -> null;
          };
      case DOUBLE ->
          field.type() == ColumnType.DOUBLE
              ? (in, draft) -> draft.setDouble(index, in.readDouble())
              : null;
      case STRING, BYTES -> text(field);
      case ENUM -> symbol(written, field, contractType);
      case ARRAY, MAP, RECORD, FIXED -> null;
    };
  }

  private static @Nullable AvroStep whole(Schema written, ContractField field) {
    int index = field.index();
    boolean isInt = written.getType() == Schema.Type.INT;
    return switch (field.type()) {
      case INT32 -> isInt ? (in, draft) -> draft.setInt(index, in.readInt()) : null;
      case INT64 -> (in, draft) -> draft.setLong(index, isInt ? in.readInt() : in.readLong());
      case TIMESTAMP ->
          written.getLogicalType() == null
                  || written.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? (in, draft) -> draft.setLong(index, isInt ? in.readInt() : in.readLong())
              : null;
      case FLOAT ->
          (in, draft) -> draft.setFloat(index, isInt ? in.readInt() : (float) in.readLong());
      case DOUBLE ->
          (in, draft) -> draft.setDouble(index, isInt ? in.readInt() : (double) in.readLong());
      default -> null;
    };
  }

  private static @Nullable AvroStep text(ContractField field) {
    int index = field.index();
    if (field.type() == ColumnType.BYTES) {
      return (in, draft) -> {
        int length = in.readLength();
        draft.setBytes(index, in.bytes(), in.take(length), length);
      };
    }
    if (field.type() == ColumnType.STRING && field.symbols().isEmpty()) {
      return (in, draft) -> {
        int length = in.readLength();
        draft.setUtf8(index, in.bytes(), in.take(length), length);
      };
    }
    return null;
  }

  private static @Nullable AvroStep symbol(
      Schema written, ContractField field, Schema contractType) {
    Schema read =
        field.nullable() ? contractType.getTypes().get(1 - field.nullBranch()) : contractType;
    if (read.getType() != Schema.Type.ENUM || !read.getName().equals(written.getName())) {
      return null;
    }
    List<String> symbols = written.getEnumSymbols();
    byte[] @Nullable [] known = new byte[symbols.size()][];
    for (int i = 0; i < known.length; i++) {
      String symbol =
          field.symbols().contains(symbols.get(i)) ? symbols.get(i) : read.getEnumDefault();
      known[i] = symbol == null ? null : symbol.getBytes(UTF_8);
    }
    return (in, draft) -> {
      byte[] symbol = known[in.readIndex(known.length)];
      if (symbol == null) {
        throw refused("found a symbol of the writer's only", field);
      }
      draft.setBytes(field.index(), symbol, 0, symbol.length);
    };
  }

  private static @Nullable AvroStep union(
      List<Schema> branches, ContractField field, Schema contractType) {
    AvroStep[] steps = new AvroStep[branches.size()];
    boolean any = false;
    for (int i = 0; i < steps.length; i++) {
      Schema branch = branches.get(i);
      AvroStep step = of(branch, field, contractType);
      any |= step != null;
      steps[i] =
          step != null
              ? step
              : (in, draft) -> {
                throw refused("found " + describe(branch), field);
              };
    }
    return any ? (in, draft) -> steps[in.readIndex(steps.length)].read(in, draft) : null;
  }

  private static UndecodableException refused(String found, ContractField field) {
    return new UndecodableException(
        Reason.INCOMPATIBLE_SCHEMA,
        "field '%s': %s, expected %s".formatted(field.name(), found, field.expected()));
  }

  /** A writer's type, for messages. */
  static String describe(Schema schema) {
    if (schema.isUnion()) {
      return "a union of " + schema.getTypes().stream().map(AvroStep::describe).toList();
    }
    return schema.getLogicalType() == null
        ? schema.getType().getName()
        : schema.getLogicalType().getName();
  }
}
