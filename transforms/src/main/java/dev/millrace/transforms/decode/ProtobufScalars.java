package dev.millrace.transforms.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.millrace.transforms.contract.ContractField;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Steps that read one value that is no message. A number is read by its writer's type, so that one
 * that the contract's type holds is kept, and one that it does not is refused instead of cut.
 */
final class ProtobufScalars {

  private ProtobufScalars() {}

  /** The step, or null when what {@code written} writes cannot be read as the field. */
  static @Nullable ProtobufStep step(
      FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field, Scalar scalar) {
    int index = field.index();
    return switch (written.getType()) {
      case FLOAT ->
          switch (scalar.column()) {
            case FLOAT ->
                (in, draft) -> draft.setFloat(index, Float.intBitsToFloat(in.readFixed32()));
            case DOUBLE ->
                (in, draft) -> draft.setDouble(index, Float.intBitsToFloat(in.readFixed32()));
            default -> null;
          };
      case DOUBLE ->
          scalar.column() == ColumnType.DOUBLE
              ? (in, draft) -> draft.setDouble(index, Double.longBitsToDouble(in.readFixed64()))
              : null;
      case STRING -> text(field, scalar);
      case BYTES ->
          scalar.column() == ColumnType.BYTES || scalar.column() == ColumnType.STRING
              ? text(field, scalar)
              : null;
      case MESSAGE, GROUP -> null;
      default -> whole(written, own, field, scalar);
    };
  }

  private static @Nullable ProtobufStep text(ContractField field, Scalar scalar) {
    int index = field.index();
    int size = scalar.size();
    return switch (scalar.column()) {
      case STRING ->
          (in, draft) -> {
            int length = in.readLength();
            draft.setUtf8(field, in.bytes(), in.take(length), length);
          };
      case BYTES ->
          (in, draft) -> {
            int length = in.readLength();
            if (size > 0 && length != size) {
              throw EventDraft.malformed(field, length + " bytes");
            }
            draft.setBytes(index, in.bytes(), in.take(length), length);
          };
      case ENUM, UUID, DATE, DECIMAL, TIMESTAMP, TIMESTAMP_MICROS ->
          (in, draft) -> {
            int length = in.readLength();
            FieldText.read(field, new String(in.bytes(), in.take(length), length, UTF_8), draft);
          };
      default -> null;
    };
  }

  private static @Nullable ProtobufStep whole(
      FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field, Scalar scalar) {
    int index = field.index();
    boolean isInt = written.getJavaType() == JavaType.INT;
    return switch (scalar.column()) {
      case INT64 -> (in, draft) -> draft.setLong(index, readNumber(written, field, in));
      case INT32 -> (in, draft) -> draft.setInt(index, readInt(written, field, in));
      case BOOLEAN ->
          (in, draft) -> {
            long value = readNumber(written, field, in);
            if (written.getType() != FieldDescriptor.Type.BOOL && value >>> 1 != 0) {
              throw ProtobufStep.refused(field, "a number that is neither 0 nor 1");
            }
            draft.setBoolean(index, value != 0);
          };
      case FLOAT ->
          isNumber(written)
              ? (in, draft) -> draft.setFloat(index, (float) readNumber(written, field, in))
              : null;
      case DOUBLE ->
          isNumber(written)
              ? (in, draft) -> draft.setDouble(index, (double) readNumber(written, field, in))
              : null;
      case ENUM -> symbol(written, own, field, scalar);
      case STRING ->
          written.getJavaType() == JavaType.ENUM
              ? (in, draft) -> draft.setString(field, name(written, field, in))
              : null;
      // Avro's are numbers in a unit that the contract says; a Timestamp's fields have theirs.
      case DATE ->
          isInt && own == null
              ? (in, draft) -> draft.setInt(index, readInt(written, field, in))
              : null;
      case TIMESTAMP, TIMESTAMP_MICROS ->
          isNumber(written) && own == null
              ? (in, draft) -> draft.setLong(index, readNumber(written, field, in))
              : null;
      default -> null;
    };
  }

  private static boolean isNumber(FieldDescriptor written) {
    return written.getJavaType() == JavaType.INT || written.getJavaType() == JavaType.LONG;
  }

  private static String name(FieldDescriptor written, ContractField field, ProtobufInput in)
      throws UndecodableException {
    EnumValueDescriptor value =
        written.getEnumType().findValueByNumber((int) readNumber(written, field, in));
    if (value == null) {
      throw ProtobufStep.refused(field, "a number that the writer's enum has not");
    }
    return value.getName();
  }

  /**
   * By number where the contract is Protobuf, else by the writer's name; a number that has no name
   * is the contract's default symbol.
   */
  private static @Nullable ProtobufStep symbol(
      FieldDescriptor written, @Nullable FieldDescriptor own, ContractField field, Scalar scalar) {
    FieldDescriptor naming = own == null ? written : own;
    if (naming.getJavaType() != JavaType.ENUM || written.getJavaType() == JavaType.BOOLEAN) {
      return null;
    }
    Map<Long, Integer> known = new HashMap<>();
    for (EnumValueDescriptor each : naming.getEnumType().getValues()) {
      known.putIfAbsent((long) each.getNumber(), scalar.symbol(each.getName()));
    }
    if (own != null) {
      // Of an alias the first name is the symbol.
      known.replaceAll(
          (number, i) ->
              scalar.symbol(own.getEnumType().findValueByNumber(number.intValue()).getName()));
    }
    String ofUnknown = scalar.defaultSymbol();
    int other = ofUnknown == null ? -1 : scalar.symbol(ofUnknown);
    return (in, draft) -> {
      int symbol = known.getOrDefault(readNumber(written, field, in), other);
      if (symbol < 0) {
        throw ProtobufStep.refused(field, "a symbol that the contract has not");
      }
      draft.setInt(field.index(), symbol);
    };
  }

  private static int readInt(FieldDescriptor written, ContractField field, ProtobufInput in)
      throws UndecodableException {
    long value = readNumber(written, field, in);
    if (value != (int) value) {
      throw ProtobufStep.refused(field, "a number that does not fit");
    }
    return (int) value;
  }

  private static long readNumber(FieldDescriptor written, ContractField field, ProtobufInput in)
      throws UndecodableException {
    long value = readBits(written, field, in);
    if (value < 0
        && (written.getType() == FieldDescriptor.Type.UINT64
            || written.getType() == FieldDescriptor.Type.FIXED64)) {
      throw EventDraft.malformed(field, "a number above 2^63-1");
    }
    return value;
  }

  /** A whole number, a boolean or an enum's number; of 64 bits without sign just these bits. */
  static long readBits(FieldDescriptor written, ContractField field, ProtobufInput in)
      throws UndecodableException {
    return switch (written.getType()) {
      case INT64, UINT64 -> in.readVarint();
      case SINT64 -> zigzag(in.readVarint());
      case FIXED64, SFIXED64 -> in.readFixed64();
      case FIXED32 -> Integer.toUnsignedLong(in.readFixed32());
      case SFIXED32 -> in.readFixed32();
      case BOOL -> in.readVarint() == 0 ? 0 : 1;
      case UINT32 -> within(in.readVarint(), 0, 0xffff_ffffL, field);
      case SINT32 -> zigzag(within(in.readVarint(), 0, 0xffff_ffffL, field));
      case INT32, ENUM -> within(in.readVarint(), Integer.MIN_VALUE, Integer.MAX_VALUE, field);
      default -> throw new IllegalStateException("no whole number: " + written);
    };
  }

  private static long within(long value, long least, long most, ContractField field)
      throws UndecodableException {
    if (value < least || value > most) {
      throw EventDraft.malformed(field, "a number of more than 32 bits where 32 are declared");
    }
    return value;
  }

  private static long zigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
