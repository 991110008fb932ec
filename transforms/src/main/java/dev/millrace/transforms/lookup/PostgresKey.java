package dev.millrace.transforms.lookup;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The type of the column that keys are compared with: in the database, where the index is, so a
 * key's text becomes a value of the column's type here. Only text that the database would write for
 * that value is one.
 *
 * @param type of the array's elements
 */
record PostgresKey(String type) {

  private static final Set<String> TEXT = Set.of("text", "varchar");
  private static final Set<String> WHOLE =
      Set.of("int2", "int4", "int8", "smallserial", "serial", "bigserial");
  private static final Set<String> NUMBERS = Set.of("float4", "float8", "numeric");
  private static final Pattern DIGITS = Pattern.compile("0|-?[1-9][0-9]{0,18}");
  private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /**
   * The key of a column of this type.
   *
   * @throws IllegalArgumentException for a type that is no key's
   */
  static PostgresKey of(String table, String column, String type) {
    if (TEXT.contains(type) || type.equals("uuid")) {
      return new PostgresKey(type);
    }
    if (WHOLE.contains(type)) {
      return new PostgresKey("int8");
    }
    throw new IllegalArgumentException(
        "%s, key '%s': found type %s, expected text, varchar, an integer or uuid"
            .formatted(table, column, type));
  }

  /** Whether a column of the database's {@code type} can be read as {@code wanted}. */
  static boolean fits(String type, LookupType wanted) {
    return switch (wanted) {
      case INT -> WHOLE.contains(type) || type.equals("numeric");
      case DOUBLE -> WHOLE.contains(type) || NUMBERS.contains(type);
      case BOOL -> type.equals("bool");
      case TIMESTAMP -> type.equals("timestamptz") || type.equals("timestamp");
      case STRING ->
          !WHOLE.contains(type)
              && !NUMBERS.contains(type)
              && !type.equals("bool")
              && !type.equals("bytea")
              && !type.startsWith("timestamp");
    };
  }

  /** The value of a key's text; nothing when it is none. */
  Optional<Object> of(String key) {
    try {
      return switch (type) {
        case "int8" ->
            DIGITS.matcher(key).matches() ? Optional.of(Long.valueOf(key)) : Optional.empty();
        case "uuid" ->
            UUIDS.matcher(key).matches() ? Optional.of(UUID.fromString(key)) : Optional.empty();
        // No text of the database's has this character.
        default -> key.indexOf('\0') < 0 ? Optional.of(key) : Optional.empty();
      };
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
