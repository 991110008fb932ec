package dev.millrace.transforms.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.transforms.contract.ValueType.Scalar;
import dev.millrace.transforms.event.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What JSON Schema calls a value that is neither an object nor an array.
 *
 * <pre>
 * boolean  BOOLEAN
 * integer  INT64; of format int32 INT32, of format date-time or utc-millisec TIMESTAMP
 * number   DOUBLE; of format float FLOAT, of format decimal DECIMAL
 * string   STRING; with an enum ENUM; of format date-time TIMESTAMP, date DATE, uuid UUID,
 *          decimal DECIMAL; of contentEncoding base64, or of OpenAPI's format byte, BYTES
 * </pre>
 *
 * Any other format leaves the type as it is. A decimal's {@code multipleOf} is 1, 0.1, 0.01 and so
 * on, which gives its digits behind the point; {@code x-precision} says how many it may have in
 * all, 38 by default. A time is kept to the millisecond, and with {@code "x-unit": "micros"} to the
 * microsecond.
 */
final class JsonSchemaScalar {

  private static final int LARGEST_PRECISION = 38;

  private JsonSchemaScalar() {}

  static Scalar bool() {
    return Scalar.of(ColumnType.BOOLEAN);
  }

  static Scalar integer(JsonSchema schema) {
    return switch (format(schema)) {
      case "int32" -> Scalar.of(ColumnType.INT32);
      case "date-time", "utc-millisec" -> time(schema);
      default -> Scalar.of(ColumnType.INT64);
    };
  }

  static Scalar number(JsonSchema schema) {
    return switch (format(schema)) {
      case "float" -> Scalar.of(ColumnType.FLOAT);
      case "decimal" -> decimal(schema);
      default -> Scalar.of(ColumnType.DOUBLE);
    };
  }

  static Scalar string(JsonSchema schema) {
    if (schema.has("enum")) {
      return symbols(schema.at("enum"));
    }
    if ("base64".equals(schema.text("contentEncoding"))) {
      return Scalar.of(ColumnType.BYTES);
    }
    return switch (format(schema)) {
      case "date-time" -> time(schema);
      case "date" -> Scalar.of(ColumnType.DATE);
      case "uuid" -> Scalar.of(ColumnType.UUID);
      case "decimal" -> decimal(schema);
      case "byte" -> Scalar.of(ColumnType.BYTES);
      default -> Scalar.of(ColumnType.STRING);
    };
  }

  private static String format(JsonSchema schema) {
    String format = schema.text("format");
    return format == null ? "" : format;
  }

  private static Scalar symbols(JsonSchema values) {
    Set<String> symbols = new LinkedHashSet<>();
    for (JsonSchema value : values.children()) {
      if (value.node().isTextual()) {
        symbols.add(value.node().asText());
      } else if (!value.node().isNull()) {
        throw value.refused(value.node().toString(), "text, as all of the enum");
      }
    }
    if (symbols.isEmpty()) {
      throw values.refused("no text", "the symbols of an enum");
    }
    return Scalar.enumOf(symbols.stream().toList(), null);
  }

  private static Scalar time(JsonSchema schema) {
    if (!schema.has("x-unit")) {
      return Scalar.of(ColumnType.TIMESTAMP);
    }
    return switch (schema.at("x-unit").node().asText()) {
      case "millis" -> Scalar.of(ColumnType.TIMESTAMP);
      case "micros" -> Scalar.of(ColumnType.TIMESTAMP_MICROS);
      default ->
          throw schema
              .at("x-unit")
              .refused(schema.at("x-unit").node().toString(), "\"millis\" or \"micros\"");
    };
  }

  private static Scalar decimal(JsonSchema schema) {
    if (!schema.has("multipleOf")) {
      throw schema.refused("a decimal without 'multipleOf'", "1, 0.1, 0.01 or so on there");
    }
    JsonSchema step = schema.at("multipleOf");
    BigDecimal smallest =
        step.node().isNumber() ? step.node().decimalValue().stripTrailingZeros() : BigDecimal.ZERO;
    int scale = smallest.scale();
    int precision = precision(schema);
    if (!smallest.unscaledValue().equals(BigInteger.ONE) || scale < 0) {
      throw step.refused(step.node().toString(), "1, 0.1, 0.01 or so on");
    }
    if (scale > precision) {
      throw step.refused(
          scale + " digits behind the point", "at most " + precision + ", its 'x-precision'");
    }
    return Scalar.decimal(precision, scale);
  }

  private static int precision(JsonSchema schema) {
    if (!schema.has("x-precision")) {
      return LARGEST_PRECISION;
    }
    JsonSchema given = schema.at("x-precision");
    JsonNode digits = given.node();
    boolean whole = digits.isIntegralNumber() && digits.canConvertToInt();
    if (!whole || digits.intValue() < 1 || digits.intValue() > LARGEST_PRECISION) {
      throw given.refused(digits.toString(), "a whole number from 1 to " + LARGEST_PRECISION);
    }
    return digits.intValue();
  }
}
