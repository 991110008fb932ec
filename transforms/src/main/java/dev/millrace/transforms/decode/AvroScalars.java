package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Steps that read one value. */
final class AvroScalars {

  private AvroScalars() {}

  /** The step, or null when what {@code written} writes cannot be read as the field. */
  static @Nullable AvroStep step(Schema written, ContractField field, Scalar scalar) {
    int index = field.index();
    return switch (written.getType()) {
      case BOOLEAN ->
          scalar.column() == ColumnType.BOOLEAN
              ? (in, draft) -> draft.setBoolean(index, in.readBoolean())
              : null;
      case INT, LONG -> whole(written, field, scalar);
      case FLOAT ->
          switch (scalar.column()) {
            case FLOAT -> (in, draft) -> draft.setFloat(index, in.readFloat());
            case DOUBLE -> (in, draft) -> draft.setDouble(index, in.readFloat());
            default -> null;
          };
      case DOUBLE ->
          scalar.column() == ColumnType.DOUBLE
              ? (in, draft) -> draft.setDouble(index, in.readDouble())
              : null;
      case STRING, BYTES -> text(written, field, scalar);
      case FIXED -> fixed(written, field, scalar);
      case ENUM -> symbol(written, field, scalar);
      default -> null;
    };
  }

  private static @Nullable AvroStep whole(Schema written, ContractField field, Scalar scalar) {
    int index = field.index();
    boolean isInt = written.getType() == Schema.Type.INT;
    return switch (scalar.column()) {
      case INT32 -> isInt ? (in, draft) -> draft.setInt(index, in.readInt()) : null;
      case INT64 -> (in, draft) -> draft.setLong(index, isInt ? in.readInt() : in.readLong());
      case FLOAT ->
          (in, draft) -> draft.setFloat(index, isInt ? in.readInt() : (float) in.readLong());
      case DOUBLE ->
          (in, draft) -> draft.setDouble(index, isInt ? in.readInt() : (double) in.readLong());
      case DATE ->
          isInt && isPlainOr(written, "date")
              ? (in, draft) -> draft.setInt(index, in.readInt())
              : null;
      case TIMESTAMP, TIMESTAMP_MICROS -> time(written, field, scalar.column());
      default -> null;
    };
  }

  private static @Nullable AvroStep time(Schema written, ContractField field, ColumnType column) {
    int index = field.index();
    boolean isInt = written.getType() == Schema.Type.INT;
    boolean micros = column == ColumnType.TIMESTAMP_MICROS;
    if (isPlainOr(written, micros ? "timestamp-micros" : "timestamp-millis")) {
      return (in, draft) -> draft.setLong(index, isInt ? in.readInt() : in.readLong());
    }
    if (micros && isPlainOr(written, "timestamp-millis")) {
      return (in, draft) -> {
        long millis = in.readLong();
        if (Math.abs(millis) > Long.MAX_VALUE / 1_000) {
          throw EventDraft.malformed(field, "a time that does not fit");
        }
        draft.setLong(index, millis * 1_000);
      };
    }
    return !micros && isPlainOr(written, "timestamp-micros")
        ? (in, draft) -> draft.setLong(index, Math.floorDiv(in.readLong(), 1_000L))
        : null;
  }

  private static boolean isPlainOr(Schema written, String logical) {
    LogicalType type = written.getLogicalType();
    return type == null || type.getName().equals(logical);
  }

  private static @Nullable AvroStep text(Schema written, ContractField field, Scalar scalar) {
    int index = field.index();
    boolean isString = written.getType() == Schema.Type.STRING;
    return switch (scalar.column()) {
      case BYTES ->
          scalar.size() > 0
              ? null
              : (in, draft) -> {
                int length = in.readLength();
                draft.setBytes(index, in.bytes(), in.take(length), length);
              };
      case STRING ->
          (in, draft) -> {
            int length = in.readLength();
            draft.setUtf8(field, in.bytes(), in.take(length), length);
          };
      case DECIMAL -> isString ? null : decimal(written, field);
      // Not among Avro's rules: an enum that Millrace wrote, or a field that became one.
      case ENUM, UUID ->
          isString
              ? (in, draft) -> {
                int length = in.readLength();
                FieldText.read(
                    field, new String(in.bytes(), in.take(length), length, UTF_8), draft);
              }
              : null;
      default -> null;
    };
  }

  private static @Nullable AvroStep fixed(Schema written, ContractField field, Scalar scalar) {
    int index = field.index();
    int size = written.getFixedSize();
    return switch (scalar.column()) {
      case BYTES ->
          scalar.size() == size
              ? (in, draft) -> draft.setBytes(index, in.bytes(), in.take(size), size)
              : null;
      case DECIMAL -> decimal(written, field);
      case UUID ->
          size == 16 && isPlainOr(written, "uuid")
              ? (in, draft) -> {
                ByteBuffer bytes = ByteBuffer.wrap(in.bytes(), in.take(size), size);
                draft.setUuid(index, new UUID(bytes.getLong(), bytes.getLong()));
              }
              : null;
      default -> null;
    };
  }

  private static @Nullable AvroStep decimal(Schema written, ContractField field) {
    if (!(written.getLogicalType() instanceof LogicalTypes.Decimal decimal)) {
      return null;
    }
    int scale = decimal.getScale();
    return (in, draft) -> {
      int length =
          written.getType() == Schema.Type.FIXED ? written.getFixedSize() : in.readLength();
      int from = in.take(length);
      BigInteger unscaled =
          length == 0 ? BigInteger.ZERO : new BigInteger(in.bytes(), from, length);
      draft.setDecimal(field, new BigDecimal(unscaled, scale));
    };
  }

  private static @Nullable AvroStep symbol(Schema written, ContractField field, Scalar scalar) {
    if (scalar.column() != ColumnType.ENUM) {
      return null;
    }
    List<String> symbols = written.getEnumSymbols();
    int[] known = symbols.stream().mapToInt(scalar::symbol).toArray();
    return (in, draft) -> {
      int symbol = known[in.readIndex(known.length)];
      if (symbol < 0) {
        throw AvroStep.refused("found a symbol of the writer's only", field);
      }
      draft.setInt(field.index(), symbol);
    };
  }
}
