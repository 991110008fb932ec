package dev.millrace.benchmark.decode;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TimestampProto;
import dev.millrace.transforms.contract.Contract;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.protobuf.ProtobufSchema;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Writes a proto3 message with a field for each of an Avro record's, numbered in their order. */
final class ProtobufPayloads implements Format.Encoding {

  private final Descriptor message;

  ProtobufPayloads(Schema schema) {
    this.message = descriptor(schema);
  }

  @Override
  public byte[] encode(GenericRecord record) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(message);
    for (FieldDescriptor field : message.getFields()) {
      Object value = record.get(field.getName());
      if (value != null) {
        builder.setField(field, value(field, value));
      }
    }
    return builder.build().toByteArray();
  }

  private static Object value(FieldDescriptor field, Object value) {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      long millis = (long) value;
      return Timestamp.newBuilder()
          .setSeconds(Math.floorDiv(millis, 1_000))
          .setNanos(Math.floorMod(millis, 1_000) * 1_000_000)
          .build();
    }
    return value instanceof CharSequence text ? text.toString() : value;
  }

  /** The message: a nullable field is an {@code optional} one, a time is a {@code Timestamp}. */
  static Descriptor descriptor(Schema schema) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(schema.getName());
    for (Schema.Field field : schema.getFields()) {
      Schema type = field.schema();
      FieldDescriptorProto.Builder made =
          FieldDescriptorProto.newBuilder()
              .setName(field.name())
              .setNumber(field.pos() + 1)
              .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
      if (type.isUnion()) {
        // Proto3 tells null from zero by a oneof of its own for the field.
        made.setProto3Optional(true).setOneofIndex(message.getOneofDeclCount());
        message.addOneofDeclBuilder().setName("_" + field.name());
        type = type.getTypes().get(0);
      }
      if (type.getLogicalType() == null) {
        made.setType(type(type));
      } else {
        made.setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
            .setTypeName(".google.protobuf.Timestamp");
      }
      message.addField(made);
    }
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("benchmark.proto")
            .setSyntax("proto3")
            .addDependency("google/protobuf/timestamp.proto")
            .addMessageType(message)
            .build();
    try {
      return FileDescriptor.buildFrom(
              file, new FileDescriptor[] {TimestampProto.getDescriptor().getFile()})
          .getMessageTypes()
          .get(0);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("a flat record can always be a message", e);
    }
  }

  /** The contract that the message is, with the id and the time that {@code avro} has. */
  static Contract contract(Contract avro) {
    FileDescriptorSet files =
        FileDescriptorSet.newBuilder()
            .addFile(TimestampProto.getDescriptor().getFile().toProto())
            .addFile(descriptor(avro.schema()).getFile().toProto())
            .build();
    return Contract.ofMessage(
        ProtobufSchema.ofDescriptorSet("benchmark", files.toByteArray()),
        null,
        name(avro.layout().id()),
        name(avro.layout().time()));
  }

  private static String name(@Nullable Column column) {
    return Objects.requireNonNull(column).name();
  }

  private static FieldDescriptorProto.Type type(Schema type) {
    return switch (type.getType()) {
      case INT -> FieldDescriptorProto.Type.TYPE_INT32;
      case LONG -> FieldDescriptorProto.Type.TYPE_INT64;
      case FLOAT -> FieldDescriptorProto.Type.TYPE_FLOAT;
      case DOUBLE -> FieldDescriptorProto.Type.TYPE_DOUBLE;
      case STRING -> FieldDescriptorProto.Type.TYPE_STRING;
      default -> throw new IllegalArgumentException("found type " + type + ", expected a scalar");
    };
  }
}
