package dev.millrace.transforms.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Random messages with everything in them, and what they hold according to protobuf-java. */
final class Everything {

  static final String PROTO =
      """
      syntax = "proto3";
      package test;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/duration.proto";
      import "google/protobuf/wrappers.proto";
      enum Channel { CHANNEL_UNSPECIFIED = 0; CHIP = 1; WEB = 7; }
      message Inner {
        string name = 1;
        sint64 amount = 2;
        repeated double rates = 3;
        optional bool on = 4;
        message Deep { bytes raw = 1; repeated Channel channels = 2; }
        Deep deep = 5;
      }
      message Everything {
        string id = 1;
        google.protobuf.Timestamp at = 2;
        double a_double = 3;
        float a_float = 4;
        int32 an_int32 = 5;
        sint32 a_sint32 = 6;
        sfixed32 an_sfixed32 = 7;
        uint32 a_uint32 = 8;
        fixed32 a_fixed32 = 9;
        int64 an_int64 = 10;
        sint64 a_sint64 = 11;
        sfixed64 an_sfixed64 = 12;
        uint64 a_uint64 = 13;
        fixed64 a_fixed64 = 14;
        bool a_bool = 15;
        bytes some_bytes = 16;
        Channel channel = 17;
        optional int32 maybe_int = 18;
        optional string maybe_text = 19;
        optional Channel maybe_channel = 20;
        repeated int32 packed = 21;
        repeated sint64 unpacked = 22 [packed = false];
        repeated string texts = 23;
        repeated Channel channels = 24;
        repeated Inner inners = 25;
        Inner inner = 26;
        map<string, int64> by_text = 27;
        map<int32, Inner> by_number = 28;
        map<bool, Channel> by_bool = 29;
        oneof choice {
          string text_choice = 30;
          Inner inner_choice = 31;
          fixed32 number_choice = 32;
          google.protobuf.Int32Value wrapped_choice = 33;
        }
        google.protobuf.Int64Value wrapped_long = 34;
        google.protobuf.StringValue wrapped_text = 35;
        google.protobuf.DoubleValue wrapped_double = 36;
        google.protobuf.UInt32Value wrapped_unsigned = 37;
        google.protobuf.BytesValue wrapped_bytes = 38;
        google.protobuf.BoolValue wrapped_bool = 39;
        google.protobuf.Duration took = 40;
        repeated google.protobuf.Timestamp times = 41;
        repeated google.protobuf.Int64Value wrapped_longs = 42;
        repeated float packed_floats = 1000;
        map<uint64, google.protobuf.Timestamp> time_by_number = 536870911;
      }
      """;

  static final ProtobufSchema SCHEMA = ProtobufSchema.of("everything.proto", PROTO, Map.of());
  static final Descriptor MESSAGE = SCHEMA.message("test.Everything");

  private static final long[] WHOLE = {0, 1, -1, 127, 128, Integer.MAX_VALUE, Integer.MIN_VALUE};
  private static final double[] REAL = {
    0, -0.0, 1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, -1e300
  };
  private static final String[] TEXT = {"", "a", "é", "\uD83D\uDE00", "x".repeat(200)};

  private final Random random;

  Everything(long seed) {
    this.random = new Random(seed);
  }

  /** A message that has its id and time. */
  Message.Builder next() {
    DynamicMessage.Builder message = random(MESSAGE);
    message.setField(MESSAGE.findFieldByName("id"), "id-" + random.nextInt(1000));
    FieldDescriptor at = MESSAGE.findFieldByName("at");
    if (!message.hasField(at)) {
      message.setField(at, random(at.getMessageType()).build());
    }
    if (random.nextInt(4) == 0) {
      message.setUnknownFields(unknown(3));
    }
    return message;
  }

  private DynamicMessage.Builder random(Descriptor type) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    boolean time = type.getFullName().equals("google.protobuf.Timestamp");
    for (FieldDescriptor field : type.getFields()) {
      if (time) {
        boolean seconds = field.getNumber() == 1;
        long value = random.nextInt(seconds ? Integer.MAX_VALUE : 1_000_000_000);
        message.setField(field, seconds ? (Object) value : (Object) (int) value);
      } else if (field.isRepeated()) {
        for (int n = random.nextInt(4); n > 0; n--) {
          message.addRepeatedField(field, value(field));
        }
      } else if (random.nextInt(3) > 0) {
        message.setField(field, value(field));
      }
    }
    return message;
  }

  private Object value(FieldDescriptor field) {
    boolean special = random.nextInt(3) == 0;
    long whole = special ? WHOLE[random.nextInt(WHOLE.length)] : random.nextLong();
    return switch (field.getType()) {
      case DOUBLE -> special ? REAL[random.nextInt(REAL.length)] : random.nextGaussian();
      case FLOAT -> (float) (special ? REAL[random.nextInt(REAL.length)] : random.nextGaussian());
      case BOOL -> random.nextBoolean();
      case STRING -> TEXT[random.nextInt(TEXT.length)];
      case BYTES -> ByteString.copyFromUtf8(TEXT[random.nextInt(TEXT.length)]);
      case ENUM -> {
        List<EnumValueDescriptor> all = field.getEnumType().getValues();
        yield all.get(random.nextInt(all.size()));
      }
      case MESSAGE -> random(field.getMessageType()).build();
      case UINT64, FIXED64 -> whole & Long.MAX_VALUE;
      case INT64, SINT64, SFIXED64 -> whole;
      default -> (int) whole;
    };
  }

  private UnknownFieldSet unknown(int depth) {
    UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
    field.addVarint(random.nextLong()).addFixed32(1).addFixed64(2);
    field.addLengthDelimited(ByteString.copyFromUtf8("unknown"));
    if (depth > 0) {
      field.addGroup(unknown(depth - 1));
    }
    return UnknownFieldSet.newBuilder().addField(900 + depth, field.build()).build();
  }

  /** What a message holds, as {@link #plain} says it of an event. */
  static Map<String, @Nullable Object> held(Message message) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        Descriptor entry = field.getMessageType();
        FieldDescriptor key = entry.findFieldByNumber(1);
        for (Object each : (List<?>) message.getField(field)) {
          Message pair = (Message) each;
          entries.put(
              String.valueOf(held(key, pair.getField(key))),
              held(entry.findFieldByNumber(2), pair.getField(entry.findFieldByNumber(2))));
        }
        all.put(field.getName(), entries);
      } else if (field.isRepeated()) {
        List<@Nullable Object> items = new ArrayList<>();
        ((List<?>) message.getField(field)).forEach(item -> items.add(held(field, item)));
        all.put(field.getName(), items);
      } else if (field.hasPresence() && !message.hasField(field)) {
        all.put(field.getName(), null);
      } else {
        all.put(field.getName(), held(field, message.getField(field)));
      }
    }
    return all;
  }

  private static @Nullable Object held(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
      case BYTES -> HexFormat.of().formatHex(((ByteString) value).toByteArray());
      case ENUM -> {
        EnumValueDescriptor symbol = (EnumValueDescriptor) value;
        yield symbol.getIndex() < 0 ? "CHANNEL_UNSPECIFIED" : symbol.getName();
      }
      case MESSAGE -> {
        Message message = (Message) value;
        Descriptor type = message.getDescriptorForType();
        if (type.getFullName().equals("google.protobuf.Timestamp")) {
          long seconds = (Long) message.getField(type.findFieldByNumber(1));
          int nanos = (Integer) message.getField(type.findFieldByNumber(2));
          yield Instant.ofEpochSecond(seconds, nanos / 1000 * 1000L);
        }
        if (type.getFile().getName().endsWith("wrappers.proto")) {
          yield held(type.findFieldByNumber(1), message.getField(type.findFieldByNumber(1)));
        }
        yield held(message);
      }
      default -> value;
    };
  }

  /** A row as maps, lists and values that can be compared. */
  static Map<String, @Nullable Object> plain(Row row) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    row.getSchema()
        .getFields()
        .forEach(
            field ->
                all.put(field.getName(), plain(field.getType(), row.getValue(field.getName()))));
    return all;
  }

  private static @Nullable Object plain(FieldType type, @Nullable Object value) {
    if (value instanceof Row row) {
      return plain(row);
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof EnumerationType.Value symbol) {
      return ((EnumerationType) type.getLogicalType()).toString(symbol);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> entries = new LinkedHashMap<>();
      map.forEach((k, v) -> entries.put((String) k, plain(type.getMapValueType(), v)));
      return entries;
    }
    if (value instanceof Iterable<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(plain(type.getCollectionElementType(), item)));
      return items;
    }
    return value;
  }
}
