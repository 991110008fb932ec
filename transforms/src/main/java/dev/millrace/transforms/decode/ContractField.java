package dev.millrace.transforms.decode;

import dev.millrace.transforms.event.ColumnType;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * One field of a contract.
 *
 * @param names its name, then its aliases
 * @param index its place, from 0
 * @param nullBranch which branch of its union is null, or -1 where it is no union
 * @param symbols what an enum may be, in order; empty for what is no enum
 * @param optional whether the contract has a default for it
 * @param defaultValue that default: a {@code Boolean}, {@code Number}, {@code String} or {@code
 *     byte[]}; null stands for null
 */
record ContractField(
    List<String> names,
    int index,
    ColumnType type,
    int nullBranch,
    List<String> symbols,
    boolean optional,
    @Nullable Object defaultValue)
    implements Serializable {

  private static final String SUPPORTED =
      "boolean, int, long, float, double, string, bytes, enum, long of timestamp-millis, or a union of one of them with null";

  static ContractField of(Schema.Field field) {
    Schema schema = field.schema();
    int nullBranch = -1;
    if (schema.isUnion()) {
      Integer index = schema.getTypes().size() == 2 ? schema.getIndexNamed("null") : null;
      if (index == null) {
        throw unsupported(field, "union " + schema.getTypes());
      }
      nullBranch = index;
      schema = schema.getTypes().get(1 - nullBranch);
    }
    List<String> names = new ArrayList<>();
    names.add(field.name());
    names.addAll(field.aliases());
    return new ContractField(
        List.copyOf(names),
        field.pos(),
        type(field, schema),
        nullBranch,
        schema.getType() == Schema.Type.ENUM ? List.copyOf(schema.getEnumSymbols()) : List.of(),
        field.hasDefaultValue(),
        field.hasDefaultValue() ? plain(GenericData.get().getDefaultValue(field)) : null);
  }

  String name() {
    return names.get(0);
  }

  boolean nullable() {
    return nullBranch >= 0;
  }

  /** For messages. */
  String expected() {
    String name =
        switch (type) {
          case BOOLEAN -> "a boolean";
          case INT32 -> "an int";
          case INT64 -> "a long";
          case FLOAT -> "a float";
          case DOUBLE -> "a double";
          case TIMESTAMP -> "a timestamp (ISO-8601 or epoch milliseconds)";
          case STRING -> symbols.isEmpty() ? "a string" : "one of " + symbols;
          case BYTES -> "bytes";
        };
    return nullable() ? name + " or null" : name;
  }

  private static ColumnType type(Schema.Field field, Schema schema) {
    LogicalType logical = schema.getLogicalType();
    boolean timestamp = logical instanceof LogicalTypes.TimestampMillis;
    if (logical != null && !timestamp) {
      throw unsupported(field, schema.getType().getName() + " of " + logical.getName());
    }
    return switch (schema.getType()) {
      case BOOLEAN -> ColumnType.BOOLEAN;
      case INT -> ColumnType.INT32;
      case LONG -> timestamp ? ColumnType.TIMESTAMP : ColumnType.INT64;
      case FLOAT -> ColumnType.FLOAT;
      case DOUBLE -> ColumnType.DOUBLE;
      case STRING, ENUM -> ColumnType.STRING;
      case BYTES -> ColumnType.BYTES;
      default -> throw unsupported(field, schema.getType().getName());
    };
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof CharSequence || value instanceof GenericData.EnumSymbol) {
      return value.toString();
    }
    return value;
  }

  private static IllegalArgumentException unsupported(Schema.Field field, String found) {
    return new IllegalArgumentException(
        "field '%s': found type %s, expected %s".formatted(field.name(), found, SUPPORTED));
  }

  /** Types whose text can be an event's id. */
  boolean canBeId() {
    return Set.of(ColumnType.STRING, ColumnType.INT32, ColumnType.INT64).contains(type);
  }
}
