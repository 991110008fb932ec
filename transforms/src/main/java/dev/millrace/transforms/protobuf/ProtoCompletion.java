package dev.millrace.transforms.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Collection;
import java.util.List;

/**
 * Completes a parsed file by what linking it found out, so that it is what protoc would have made:
 * types with their full names, names for JSON, options with values. What is complete stays as it
 * is.
 */
final class ProtoCompletion {

  private final OptionInterpreter options;

  private ProtoCompletion(FileDescriptor linked, Collection<FileDescriptor> declaring) {
    this.options = new OptionInterpreter(linked.getName(), declaring);
  }

  /**
   * The complete form of {@code parsed}, which {@code linked} was made of.
   *
   * @param declaring the files that may declare its options
   */
  static FileDescriptorProto of(
      FileDescriptorProto parsed, FileDescriptor linked, Collection<FileDescriptor> declaring)
      throws InvalidProtocolBufferException {
    FileDescriptorProto.Builder file = parsed.toBuilder();
    new ProtoCompletion(linked, declaring).complete(file, linked);
    // Read again without the extensions: whatever the source of a schema, they look the same.
    return FileDescriptorProto.parseFrom(file.build().toByteArray());
  }

  private void complete(FileDescriptorProto.Builder file, FileDescriptor linked) {
    if (file.hasOptions()) {
      options.interpret(file.getOptionsBuilder(), linked.getPackage());
    }
    messages(file.getMessageTypeBuilderList(), linked.getMessageTypes());
    enums(file.getEnumTypeBuilderList(), linked.getEnumTypes());
    fields(file.getExtensionBuilderList(), linked.getExtensions());
  }

  private void messages(List<DescriptorProto.Builder> messages, List<Descriptor> linked) {
    for (int i = 0; i < messages.size(); i++) {
      DescriptorProto.Builder message = messages.get(i);
      Descriptor type = linked.get(i);
      if (message.hasOptions()) {
        options.interpret(message.getOptionsBuilder(), type.getFullName());
      }
      for (DescriptorProto.ExtensionRange.Builder range : message.getExtensionRangeBuilderList()) {
        if (range.hasOptions()) {
          options.interpret(range.getOptionsBuilder(), type.getFullName());
        }
      }
      for (OneofDescriptorProto.Builder oneof : message.getOneofDeclBuilderList()) {
        if (oneof.hasOptions()) {
          options.interpret(oneof.getOptionsBuilder(), type.getFullName() + "." + oneof.getName());
        }
      }
      fields(message.getFieldBuilderList(), type.getFields());
      fields(message.getExtensionBuilderList(), type.getExtensions());
      messages(message.getNestedTypeBuilderList(), type.getNestedTypes());
      enums(message.getEnumTypeBuilderList(), type.getEnumTypes());
    }
  }

  private void fields(List<FieldDescriptorProto.Builder> fields, List<FieldDescriptor> linked) {
    for (int i = 0; i < fields.size(); i++) {
      FieldDescriptorProto.Builder field = fields.get(i);
      FieldDescriptor type = linked.get(i);
      field.setJsonName(type.getJsonName());
      if (field.hasExtendee()) {
        field.setExtendee("." + type.getContainingType().getFullName());
      }
      if (type.getJavaType() == FieldDescriptor.JavaType.ENUM) {
        field
            .setType(FieldDescriptorProto.Type.TYPE_ENUM)
            .setTypeName("." + type.getEnumType().getFullName());
      } else if (type.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        field
            .setType(field.hasType() ? field.getType() : FieldDescriptorProto.Type.TYPE_MESSAGE)
            .setTypeName("." + type.getMessageType().getFullName());
      }
      if (field.hasOptions()) {
        options.interpret(field.getOptionsBuilder(), type.getFullName());
      }
    }
  }

  private void enums(List<EnumDescriptorProto.Builder> enums, List<EnumDescriptor> linked) {
    for (int i = 0; i < enums.size(); i++) {
      String name = linked.get(i).getFullName();
      if (enums.get(i).hasOptions()) {
        options.interpret(enums.get(i).getOptionsBuilder(), name);
      }
      for (EnumValueDescriptorProto.Builder value : enums.get(i).getValueBuilderList()) {
        if (value.hasOptions()) {
          options.interpret(value.getOptionsBuilder(), name + "." + value.getName());
        }
      }
    }
  }
}
