package dev.millrace.transforms.contract;

import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a contract.
 *
 * @param names its name, then its aliases: other names that a writer may use for it
 * @param number its number in Protobuf, or 0
 * @param type what its values are
 * @param nullable whether it may be null
 * @param optional whether a record may lack it
 * @param defaultValue what it then is, as Beam's {@code Row} holds it
 * @param path its name behind those of the records around it, with dots between
 * @param index its column; of a record that may be null the column that says so, of any other -1
 */
public record ContractField(
    List<String> names,
    int number,
    ValueType type,
    boolean nullable,
    boolean optional,
    @Nullable Object defaultValue,
    String path,
    int index)
    implements Serializable {

  private static final int UNPLACED = -1;

  public ContractField {
    names = List.copyOf(names);
  }

  /** A field that every record must have. */
  public static ContractField of(String name, ValueType type) {
    return new ContractField(List.of(name), 0, type, false, false, null, name, UNPLACED);
  }

  public ContractField withAliases(List<String> aliases) {
    List<String> all = new java.util.ArrayList<>(List.of(name()));
    all.addAll(aliases);
    return new ContractField(all, number, type, nullable, optional, defaultValue, path, index);
  }

  /** In Protobuf, where numbers and not names are written. */
  public ContractField withNumber(int number) {
    return new ContractField(names, number, type, nullable, optional, defaultValue, path, index);
  }

  /** One that may be null; it still may not be missing. */
  public ContractField orNull() {
    return new ContractField(names, number, type, true, optional, defaultValue, path, index);
  }

  /**
   * One that may be missing.
   *
   * @param value what it then is, as Beam's {@code Row} holds it
   */
  public ContractField withDefault(@Nullable Object value) {
    return new ContractField(names, number, type, nullable, true, value, path, index);
  }

  ContractField placed(ValueType type, String path, int index) {
    return new ContractField(names, number, type, nullable, optional, defaultValue, path, index);
  }

  public String name() {
    return names.get(0);
  }

  /** For messages: {@code an int or null}. */
  public String expected() {
    return nullable ? describe() + " or null" : describe();
  }

  private String describe() {
    if (type instanceof Scalar scalar) {
      return describe(scalar);
    }
    if (type instanceof ListOf list) {
      return "a list, each item " + list.item().expected();
    }
    return type instanceof MapOf map ? "a map, each value " + map.value().expected() : "a record";
  }

  private static String describe(Scalar scalar) {
    return switch (scalar.column()) {
      case BOOLEAN -> "a boolean";
      case INT32 -> "an int";
      case INT64 -> "a long";
      case FLOAT -> "a float";
      case DOUBLE -> "a double";
      case TIMESTAMP -> "a timestamp (ISO-8601 or epoch milliseconds)";
      case TIMESTAMP_MICROS -> "a timestamp (ISO-8601 or epoch microseconds)";
      case DATE -> "a date (ISO-8601 or days since 1970-01-01)";
      case UUID -> "a UUID";
      case ENUM -> "one of " + scalar.symbols();
      case DECIMAL -> "a decimal(%d, %d)".formatted(scalar.precision(), scalar.scale());
      case STRING -> "a string";
      case BYTES -> scalar.size() == 0 ? "bytes" : scalar.size() + " bytes";
      case LIST, MAP, RECORD -> throw new IllegalStateException("no scalar: " + scalar);
    };
  }

  /**
   * Its record's fields.
   *
   * @throws IllegalStateException when it is no record
   */
  public RecordType record() {
    if (type instanceof Nested nested) {
      return nested.record();
    }
    throw new IllegalStateException("field '%s' is %s, no record".formatted(path, expected()));
  }
}
