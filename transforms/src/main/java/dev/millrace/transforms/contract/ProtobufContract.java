package dev.millrace.transforms.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.protobuf.Aliases;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import dev.millrace.transforms.registry.SchemaText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.jspecify.annotations.Nullable;

/**
 * Contracts out of Protobuf messages (language guides of proto2, proto3 and editions).
 *
 * <p>A field that says whether it is there may be null, and is null where it is not: a message, a
 * member of a {@code oneof}, an {@code optional} field without a default, a wrapper such as {@code
 * google.protobuf.Int64Value}. Any other is its default, which is zero where none is declared, and
 * a {@code required} one may not be missing. A {@code Timestamp} is a timestamp in microseconds; a
 * {@code Struct}, {@code Value} or {@code ListValue} is JSON text; the keys of a map are text.
 *
 * <p>An enum's symbols are in the order of their numbers, under their first names. A number that it
 * has not is the symbol of number 0 where that is named {@code …UNSPECIFIED} or {@code …UNKNOWN}.
 */
final class ProtobufContract {

  private static final String SUPPORTED =
      "a scalar, an enum, a message that ends, or a list or map of them";

  // The messages around the one being read: one that holds itself has no end.
  private final Set<String> around = new HashSet<>();

  private ProtobufContract() {}

  /** The schema whose text a contract or a registry keeps. */
  static ProtobufSchema schema(SchemaText source) {
    Map<String, String> imports = new LinkedHashMap<>();
    source.references().forEach(each -> imports.put(each.name(), each.text()));
    return ProtobufSchema.of("contract", source.text(), imports);
  }

  static SchemaText source(ProtobufSchema schema) {
    List<SchemaText.Reference> references = new ArrayList<>();
    schema.imports().forEach((name, text) -> references.add(new SchemaText.Reference(name, text)));
    return new SchemaText(SchemaText.PROTOBUF, schema.content(), references);
  }

  /**
   * @throws IllegalArgumentException naming what cannot be held by its path
   */
  static RecordType record(Descriptor message) {
    return new ProtobufContract().fields("", message);
  }

  private RecordType fields(String prefix, Descriptor message) {
    if (!around.add(message.getFullName())) {
      throw refused(
          prefix.substring(0, prefix.length() - 1),
          "message %s within itself".formatted(message.getFullName()));
    }
    List<ContractField> fields = new ArrayList<>();
    for (FieldDescriptor each : message.getFields()) {
      fields.add(field(prefix + each.getName(), each));
    }
    around.remove(message.getFullName());
    return RecordType.of(fields);
  }

  private ContractField field(String path, FieldDescriptor each) {
    ContractField field =
        ContractField.of(each.getName(), type(path, each))
            .withNumber(each.getNumber())
            .withAliases(Aliases.of(each));
    if (each.isRequired()) {
      return field;
    }
    if (each.isMapField()) {
      return field.withDefault(Map.of());
    }
    if (each.isRepeated()) {
      return field.withDefault(List.of());
    }
    boolean toldApart = each.hasPresence() && !each.hasDefaultValue();
    return toldApart ? field.orNull().withDefault(null) : field.withDefault(zero(path, each));
  }

  private ValueType type(String path, FieldDescriptor each) {
    if (each.isMapField()) {
      FieldDescriptor value = each.getMessageType().findFieldByNumber(2);
      return new MapOf(ContractField.of("value", one(path + "[]", value)));
    }
    return each.isRepeated()
        ? new ListOf(ContractField.of("item", one(path + "[]", each)))
        : one(path, each);
  }

  private ValueType one(String path, FieldDescriptor each) {
    return switch (each.getType()) {
      case DOUBLE -> Scalar.of(ColumnType.DOUBLE);
      case FLOAT -> Scalar.of(ColumnType.FLOAT);
      case INT32, SINT32, SFIXED32 -> Scalar.of(ColumnType.INT32);
      case UINT32, FIXED32, INT64, SINT64, SFIXED64, UINT64, FIXED64 -> Scalar.of(ColumnType.INT64);
      case BOOL -> Scalar.of(ColumnType.BOOLEAN);
      case STRING -> Scalar.of(ColumnType.STRING);
      case BYTES -> Scalar.of(ColumnType.BYTES);
      case ENUM -> symbols(each.getEnumType());
      case MESSAGE -> message(path, each.getMessageType());
      case GROUP -> throw refused(path, "a group");
    };
  }

  private ValueType message(String path, Descriptor message) {
    return switch (message.getFullName()) {
      case "google.protobuf.Timestamp" -> Scalar.of(ColumnType.TIMESTAMP_MICROS);
      case "google.protobuf.DoubleValue",
          "google.protobuf.FloatValue",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.BoolValue",
          "google.protobuf.StringValue",
          "google.protobuf.BytesValue" ->
          one(path, message.findFieldByNumber(1));
      case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue" ->
          Scalar.of(ColumnType.STRING);
      case "google.protobuf.Any" -> throw refused(path, "google.protobuf.Any");
      default -> new Nested(fields(path + ".", message));
    };
  }

  private static Scalar symbols(EnumDescriptor type) {
    List<String> symbols =
        type.getValues().stream()
            .map(EnumValueDescriptor::getNumber)
            .distinct()
            .sorted(Comparator.naturalOrder())
            .map(number -> type.findValueByNumber(number).getName())
            .toList();
    EnumValueDescriptor zero = type.findValueByNumber(0);
    boolean unknown =
        zero != null
            && (zero.getName().endsWith("UNSPECIFIED") || zero.getName().endsWith("UNKNOWN"));
    return Scalar.enumOf(symbols, unknown ? zero.getName() : null);
  }

  /** The default of a field that does not say whether it is there, or that declares one. */
  private static @Nullable Object zero(String path, FieldDescriptor each) {
    Object value = each.getDefaultValue();
    return switch (each.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
      case UINT64, FIXED64 -> {
        if ((Long) value < 0) {
          throw refused(path, "a default above 2^63-1");
        }
        yield value;
      }
      case BYTES -> ((ByteString) value).toByteArray();
      case ENUM -> {
        EnumDescriptor type = each.getEnumType();
        String symbol = type.findValueByNumber(((EnumValueDescriptor) value).getNumber()).getName();
        yield EnumerationType.create(symbols(type).symbols()).valueOf(symbol);
      }
      default -> value;
    };
  }

  private static IllegalArgumentException refused(String path, String found) {
    return new IllegalArgumentException(
        "field '%s': found %s, expected %s".formatted(path, found, SUPPORTED));
  }
}
