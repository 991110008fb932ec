package dev.millrace.transforms.deliver.bigquery;

import com.google.api.services.bigquery.model.TableSchema;
import com.google.cloud.bigquery.storage.v1.BigDecimalByteStringEncoder;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.millrace.transforms.event.ColumnType;
import dev.millrace.transforms.event.Event;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the protocol buffer that the Storage Write API takes for a row of {@link
 * DecisionColumns}.
 */
final class RowEncoder {

  private final String pipeline;
  private final String featureVersion;
  private final Descriptor descriptor;

  /**
   * @param columns those of the events that are encoded
   */
  RowEncoder(String pipeline, String featureVersion, TableSchema columns) {
    this.pipeline = pipeline;
    this.featureVersion = featureVersion;
    try {
      this.descriptor =
          TableRowToStorageApiProto.getDescriptorFromTableSchema(columns, false, false);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("found columns that are no message", e);
    }
  }

  /** What the rows are written by. */
  DescriptorProto descriptor() {
    return descriptor.toProto();
  }

  /**
   * The row of {@code event}.
   *
   * @throws IllegalArgumentException naming the column whose value BigQuery cannot hold
   */
  ByteString encode(Event event) {
    DynamicMessage.Builder row = DynamicMessage.newBuilder(descriptor);
    Iterator<FieldDescriptor> fields = descriptor.getFields().iterator();
    for (Object value : head(event)) {
      row.setField(fields.next(), value);
    }
    Row values = event.toRow();
    for (Field field : values.getSchema().getFields()) {
      set(row, fields.next(), field.getName(), field.getType(), values.getValue(field.getName()));
    }
    return row.build().toByteString();
  }

  private List<Object> head(Event event) {
    return List.of(
        event.id(),
        Math.multiplyExact(event.time(), 1_000L),
        event.origin().transport(),
        event.origin().source(),
        (long) event.origin().partition(),
        event.origin().position(),
        event.origin().message(),
        pipeline,
        featureVersion);
  }

  private static DynamicMessage record(Descriptor descriptor, String path, Row row) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(descriptor);
    Iterator<FieldDescriptor> fields = descriptor.getFields().iterator();
    for (Field field : row.getSchema().getFields()) {
      String name = field.getName();
      set(message, fields.next(), path + "." + name, field.getType(), row.getValue(name));
    }
    return message.build();
  }

  private static void set(
      DynamicMessage.Builder message,
      FieldDescriptor field,
      String path,
      FieldType type,
      @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (value instanceof Map<?, ?> map) {
      FieldType valueType = Objects.requireNonNull(type.getMapValueType());
      map.forEach(
          (key, each) ->
              message.addRepeatedField(field, entry(field, path, (String) key, valueType, each)));
    } else if (value instanceof Collection<?> items) {
      FieldType itemType = Objects.requireNonNull(type.getCollectionElementType());
      for (Object item : items) {
        message.addRepeatedField(field, item(field, path, itemType, item));
      }
    } else {
      message.setField(field, value(field, path, type, value));
    }
  }

  private static DynamicMessage entry(
      FieldDescriptor field, String path, String key, FieldType type, @Nullable Object value) {
    List<FieldDescriptor> columns = field.getMessageType().getFields();
    DynamicMessage.Builder entry = DynamicMessage.newBuilder(field.getMessageType());
    entry.setField(columns.get(0), key);
    set(entry, columns.get(1), path + ".value", type, value);
    return entry.build();
  }

  private static Object item(
      FieldDescriptor field, String path, FieldType type, @Nullable Object item) {
    if (item == null) {
      throw new IllegalArgumentException(
          "column '%s': found null in a list, expected values: BigQuery's arrays have no nulls"
              .formatted(path));
    }
    return value(field, path, type, item);
  }

  private static Object value(FieldDescriptor field, String path, FieldType type, Object value) {
    try {
      return switch (ColumnType.of(type)) {
        case BOOLEAN, INT64, DOUBLE, STRING -> value;
        case INT32 -> ((Integer) value).longValue();
        case FLOAT -> ((Float) value).doubleValue();
        case BYTES -> ByteString.copyFrom((byte[]) value);
        case ENUM ->
            type.getLogicalType(EnumerationType.class).toString((EnumerationType.Value) value);
        case UUID -> value.toString();
        case TIMESTAMP -> Math.multiplyExact(((Instant) value).getMillis(), 1_000L);
        case TIMESTAMP_MICROS ->
            ChronoUnit.MICROS.between(java.time.Instant.EPOCH, (java.time.Instant) value);
        case DATE -> Math.toIntExact(((LocalDate) value).toEpochDay());
        case DECIMAL -> decimal(type, (BigDecimal) value);
        case RECORD -> record(field.getMessageType(), path, (Row) value);
        case LIST, MAP -> throw new IllegalStateException("a list is not one value");
      };
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "column '%s': found %s, which is too far away for BigQuery".formatted(path, value), e);
    }
  }

  private static ByteString decimal(FieldType type, BigDecimal value) {
    return DecisionColumns.isBig(type)
        ? BigDecimalByteStringEncoder.encodeToBigNumericByteString(value)
        : BigDecimalByteStringEncoder.encodeToNumericByteString(value);
  }
}
