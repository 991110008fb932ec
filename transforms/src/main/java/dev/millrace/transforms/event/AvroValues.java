package dev.millrace.transforms.event;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Values as Beam's {@code Row} holds them, to and from Avro binary. */
final class AvroValues {

  private AvroValues() {}

  /** Writes a value of {@code type} by a schema that fits it. */
  static void write(FieldType type, Schema schema, @Nullable Object value, BinaryEncoder out)
      throws IOException {
    switch (schema.getType()) {
      case UNION -> {
        int nullBranch = schema.getIndexNamed("null");
        int branch = value == null ? nullBranch : 1 - nullBranch;
        out.writeIndex(branch);
        write(type, schema.getTypes().get(branch), value, out);
      }
      case NULL -> out.writeNull();
      case ARRAY -> {
        FieldType itemType = Objects.requireNonNull(type.getCollectionElementType());
        Collection<?> items = (Collection<?>) Objects.requireNonNull(value);
        out.writeArrayStart();
        out.setItemCount(items.size());
        for (Object item : items) {
          out.startItem();
          write(itemType, schema.getElementType(), item, out);
        }
        out.writeArrayEnd();
      }
      case MAP -> {
        FieldType valueType = Objects.requireNonNull(type.getMapValueType());
        Map<?, ?> entries = (Map<?, ?>) Objects.requireNonNull(value);
        out.writeMapStart();
        out.setItemCount(entries.size());
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
          out.startItem();
          out.writeString((String) entry.getKey());
          write(valueType, schema.getValueType(), entry.getValue(), out);
        }
        out.writeMapEnd();
      }
      case RECORD -> {
        Row row = (Row) Objects.requireNonNull(value);
        for (Schema.Field field : schema.getFields()) {
          FieldType fieldType = row.getSchema().getField(field.name()).getType();
          write(fieldType, field.schema(), row.getValue(field.name()), out);
        }
      }
      default -> writeScalar(type, schema, Objects.requireNonNull(value), out);
    }
  }

  private static void writeScalar(FieldType type, Schema schema, Object value, BinaryEncoder out)
      throws IOException {
    switch (schema.getType()) {
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case INT ->
          out.writeInt(value instanceof LocalDate date ? (int) date.toEpochDay() : (Integer) value);
      case LONG -> out.writeLong(asLong(value));
      case FLOAT -> out.writeFloat((Float) value);
      case DOUBLE -> out.writeDouble((Double) value);
      case STRING -> out.writeString(asText(type, value));
      case ENUM -> out.writeEnum(schema.getEnumOrdinal(asText(type, value)));
      case BYTES -> out.writeBytes(asBytes(value));
      case FIXED -> out.writeFixed(asFixed(schema, value));
      default -> throw new IllegalStateException("found type " + schema.getType());
    }
  }

  private static String asText(FieldType type, Object value) {
    return value instanceof EnumerationType.Value symbol
        ? type.getLogicalType(EnumerationType.class).toString(symbol)
        : value.toString();
  }

  private static long asLong(Object value) {
    if (value instanceof Instant millis) {
      return millis.getMillis();
    }
    if (value instanceof java.time.Instant micros) {
      return micros(micros);
    }
    return (Long) value;
  }

  private static byte[] asBytes(Object value) {
    return value instanceof BigDecimal decimal
        ? decimal.unscaledValue().toByteArray()
        : (byte[]) value;
  }

  private static byte[] asFixed(Schema schema, Object value) {
    if (value instanceof UUID uuid) {
      return ByteBuffer.allocate(16)
          .putLong(uuid.getMostSignificantBits())
          .putLong(uuid.getLeastSignificantBits())
          .array();
    }
    byte[] bytes = asBytes(value);
    int missing = schema.getFixedSize() - bytes.length;
    if (missing == 0 || !(schema.getLogicalType() instanceof LogicalTypes.Decimal)) {
      return bytes;
    }
    byte[] padded = new byte[schema.getFixedSize()];
    Arrays.fill(padded, 0, missing, (byte) (bytes[0] < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, padded, missing, bytes.length);
    return padded;
  }

  /** Reads what {@link #write} wrote by {@link AvroSchemas#of(FieldType)}. */
  static @Nullable Object read(FieldType type, BinaryDecoder in) throws IOException {
    if (type.getNullable() && in.readIndex() == 0) {
      return null;
    }
    return switch (ColumnType.of(type)) {
      case BOOLEAN -> in.readBoolean();
      case INT32 -> in.readInt();
      case INT64 -> in.readLong();
      case FLOAT -> in.readFloat();
      case DOUBLE -> in.readDouble();
      case TIMESTAMP -> Instant.ofEpochMilli(in.readLong());
      case TIMESTAMP_MICROS -> java.time.Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
      case DATE -> LocalDate.ofEpochDay(in.readInt());
      case STRING -> in.readString();
      case UUID -> UUID.fromString(in.readString());
      case ENUM -> type.getLogicalType(EnumerationType.class).valueOf(in.readString());
      case BYTES -> bytes(in);
      case DECIMAL -> new BigDecimal(new BigInteger(bytes(in)), AvroSchemas.scale(type));
      case LIST -> list(Objects.requireNonNull(type.getCollectionElementType()), in);
      case MAP -> map(Objects.requireNonNull(type.getMapValueType()), in);
      case RECORD -> row(Objects.requireNonNull(type.getRowSchema()), in);
    };
  }

  private static byte[] bytes(BinaryDecoder in) throws IOException {
    ByteBuffer buffer = in.readBytes(null);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static List<@Nullable Object> list(FieldType type, BinaryDecoder in) throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
      for (; left > 0; left--) {
        items.add(read(type, in));
      }
    }
    return items;
  }

  private static Map<String, @Nullable Object> map(FieldType type, BinaryDecoder in)
      throws IOException {
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    for (long left = in.readMapStart(); left > 0; left = in.mapNext()) {
      for (; left > 0; left--) {
        String key = in.readString();
        entries.put(key, read(type, in));
      }
    }
    return entries;
  }

  private static Row row(org.apache.beam.sdk.schemas.Schema schema, BinaryDecoder in)
      throws IOException {
    List<@Nullable Object> values = new ArrayList<>(schema.getFieldCount());
    for (org.apache.beam.sdk.schemas.Schema.Field field : schema.getFields()) {
      values.add(read(field.getType(), in));
    }
    return Row.withSchema(schema).attachValues(values);
  }

  /** Since 1970. {@code ChronoUnit.MICROS} counts nanoseconds, which end in the year 2262. */
  static long micros(java.time.Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }
}
