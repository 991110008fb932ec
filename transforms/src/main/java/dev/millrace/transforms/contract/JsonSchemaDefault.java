package dev.millrace.transforms.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.transforms.contract.ValueType.ListOf;
import dev.millrace.transforms.contract.ValueType.MapOf;
import dev.millrace.transforms.contract.ValueType.Nested;
import dev.millrace.transforms.contract.ValueType.Scalar;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Defaults out of JSON Schema, as Beam's {@code Row} holds them. */
final class JsonSchemaDefault {

  private JsonSchemaDefault() {}

  /**
   * @throws IllegalArgumentException naming the place that does not fit the field
   */
  static @Nullable Object value(ContractField field, JsonSchema given) {
    if (given.node().isNull() && field.nullable()) {
      return null;
    }
    if (field.type() instanceof Nested nested && given.node().isObject()) {
      return row(nested.record(), given);
    }
    if (field.type() instanceof ListOf list && given.node().isArray()) {
      return items(list.item(), given);
    }
    if (field.type() instanceof MapOf map && given.node().isObject()) {
      return entries(map.value(), given);
    }
    if (field.type() instanceof Scalar scalar) {
      try {
        return scalar(scalar, given.node());
      } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
        throw refused(field, given);
      }
    }
    throw refused(field, given);
  }

  private static IllegalArgumentException refused(ContractField field, JsonSchema given) {
    return given.refused(given.node().toString(), field.expected());
  }

  private static Row row(RecordType record, JsonSchema given) {
    given
        .node()
        .fieldNames()
        .forEachRemaining(
            name -> {
              ContractField field = record.named(name);
              if (field == null || !field.name().equals(name)) {
                List<String> names = record.fields().stream().map(ContractField::name).toList();
                throw given.refused("the property '" + name + "'", "one of " + names);
              }
            });
    List<@Nullable Object> values = new ArrayList<>();
    for (ContractField field : record.fields()) {
      if (!given.has(field.name()) && !field.optional()) {
        throw given.refused("no '" + field.name() + "'", field.expected());
      }
      values.add(
          given.has(field.name()) ? value(field, given.at(field.name())) : field.defaultValue());
    }
    return Row.withSchema(record.beamSchema()).attachValues(values);
  }

  private static List<@Nullable Object> items(ContractField item, JsonSchema given) {
    List<@Nullable Object> items = new ArrayList<>();
    given.children().forEach(each -> items.add(value(item, each)));
    return items;
  }

  private static Map<String, @Nullable Object> entries(ContractField entry, JsonSchema given) {
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    given
        .node()
        .fieldNames()
        .forEachRemaining(key -> entries.put(key, value(entry, given.at(key))));
    return entries;
  }

  private static Object scalar(Scalar scalar, JsonNode node) {
    return switch (scalar.column()) {
      case BOOLEAN -> fitting(node.isBoolean(), node).booleanValue();
      case INT32 -> fitting(node.isIntegralNumber() && node.canConvertToInt(), node).intValue();
      case INT64 -> whole(node);
      case FLOAT -> fitting(Float.isFinite(number(node).floatValue()), node).floatValue();
      case DOUBLE -> fitting(Double.isFinite(number(node).doubleValue()), node).doubleValue();
      case STRING -> text(node);
      case ENUM -> {
        fitting(scalar.symbols().contains(text(node)), node);
        yield EnumerationType.create(scalar.symbols()).valueOf(text(node));
      }
      case UUID -> UUID.fromString(fitting(text(node).length() == 36, node).asText());
      case BYTES -> Base64.getDecoder().decode(text(node));
      case DATE -> LocalDate.parse(text(node));
      case TIMESTAMP ->
          Instant.ofEpochMilli(node.isTextual() ? time(node).toEpochMilli() : whole(node));
      case TIMESTAMP_MICROS ->
          node.isTextual()
              ? time(node).truncatedTo(ChronoUnit.MICROS)
              : java.time.Instant.EPOCH.plus(whole(node), ChronoUnit.MICROS);
      case DECIMAL -> decimal(scalar, node);
      case LIST, MAP, RECORD -> throw new IllegalStateException("no scalar: " + scalar);
    };
  }

  private static BigDecimal decimal(Scalar scalar, JsonNode node) {
    BigDecimal value =
        node.isTextual() ? new BigDecimal(node.asText()) : number(node).decimalValue();
    // Of 1e999999999 all digits would be written out.
    fitting(value.precision() - (long) value.scale() <= scalar.precision() - scalar.scale(), node);
    return value.setScale(scalar.scale(), RoundingMode.UNNECESSARY);
  }

  private static java.time.Instant time(JsonNode node) {
    return OffsetDateTime.parse(text(node)).toInstant();
  }

  private static long whole(JsonNode node) {
    return fitting(node.isIntegralNumber() && node.canConvertToLong(), node).longValue();
  }

  private static JsonNode number(JsonNode node) {
    return fitting(node.isNumber(), node);
  }

  private static String text(JsonNode node) {
    return fitting(node.isTextual(), node).asText();
  }

  private static JsonNode fitting(boolean fits, JsonNode node) {
    if (!fits) {
      throw new IllegalArgumentException("found " + node);
    }
    return node;
  }
}
