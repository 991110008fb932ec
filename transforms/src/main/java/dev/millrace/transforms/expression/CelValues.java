package dev.millrace.transforms.expression;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.millrace.transforms.event.ColumnType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Values as CEL's interpreter takes them, from values as Beam's {@code Row} holds them. */
final class CelValues {

  private CelValues() {}

  static Object of(FieldType type, @Nullable Object value) {
    if (value == null) {
      return NullValue.NULL_VALUE;
    }
    return switch (ColumnType.of(type)) {
      case BOOLEAN, INT64, DOUBLE, STRING -> value;
      case INT32 -> ((Integer) value).longValue();
      case FLOAT, DECIMAL -> ((Number) value).doubleValue();
      case TIMESTAMP -> Instant.ofEpochMilli(((org.joda.time.Instant) value).getMillis());
      // As compiled expressions see it: in milliseconds.
      case TIMESTAMP_MICROS -> Instant.ofEpochMilli(((Instant) value).toEpochMilli());
      case DATE -> ((LocalDate) value).atStartOfDay().toInstant(ZoneOffset.UTC);
      case UUID -> value.toString();
      case ENUM ->
          type.getLogicalType(EnumerationType.class).toString((EnumerationType.Value) value);
      case BYTES -> CelByteString.of((byte[]) value);
      case LIST -> list(Objects.requireNonNull(type.getCollectionElementType()), (List<?>) value);
      case MAP -> map(Objects.requireNonNull(type.getMapValueType()), (Map<?, ?>) value);
      case RECORD -> record((Row) value);
    };
  }

  private static List<Object> list(FieldType type, List<?> items) {
    return items.stream().map(item -> of(type, item)).toList();
  }

  private static Map<Object, Object> map(FieldType type, Map<?, ?> entries) {
    Map<Object, Object> all = new LinkedHashMap<>();
    entries.forEach((key, value) -> all.put(key, of(type, value)));
    return all;
  }

  private static Map<Object, Object> record(Row row) {
    Map<Object, Object> all = new LinkedHashMap<>();
    for (Field field : row.getSchema().getFields()) {
      all.put(field.getName(), of(field.getType(), row.getValue(field.getName())));
    }
    return all;
  }
}
