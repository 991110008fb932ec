package dev.millrace.transforms.protobuf;

import static java.util.Locale.ROOT;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.UninterpretedOption;
import com.google.protobuf.TextFormat;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads a file's fields. What a field brings with it, a group or a map's entry, is nested. */
final class ProtoFields {

  private static final Set<FieldDescriptorProto.Type> NAMED =
      Set.of(
          FieldDescriptorProto.Type.TYPE_GROUP,
          FieldDescriptorProto.Type.TYPE_MESSAGE,
          FieldDescriptorProto.Type.TYPE_ENUM);
  private static final Map<String, FieldDescriptorProto.Type> SCALARS =
      Arrays.stream(FieldDescriptorProto.Type.values())
          .filter(type -> !NAMED.contains(type))
          .collect(
              toUnmodifiableMap(
                  type -> type.name().substring("TYPE_".length()).toLowerCase(ROOT), t -> t));

  private final ProtoTokens in;
  private final ProtoParser messages;
  private final boolean proto2;
  private final boolean proto3;

  ProtoFields(ProtoTokens in, ProtoParser messages, boolean proto2, boolean proto3) {
    this.in = in;
    this.messages = messages;
    this.proto2 = proto2;
    this.proto3 = proto3;
  }

  /** A field of a message. */
  FieldDescriptorProto.Builder field(Consumer<DescriptorProto.Builder> nest, int depth) {
    FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder();
    boolean labelled = label(field);
    if (labelled && proto3 && field.getLabel() == Label.LABEL_OPTIONAL) {
      field.setProto3Optional(true);
    }
    ProtoTokens.Token at = in.peek();
    String type = in.path("a field's type");
    if (!labelled && type.equals("map") && in.accept("<")) {
      return map(field, nest);
    }
    if (!labelled && proto2) {
      throw in.wrong(at, "found '" + type + "'", "required, optional or repeated");
    }
    return rest(field, type, nest, depth);
  }

  /** A field of a oneof. */
  FieldDescriptorProto.Builder member(Consumer<DescriptorProto.Builder> nest, int depth) {
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder().setLabel(Label.LABEL_OPTIONAL);
    return rest(field, in.path("a field's type"), nest, depth);
  }

  /** A field that extends a message. */
  FieldDescriptorProto.Builder extension(Consumer<DescriptorProto.Builder> nest, int depth) {
    FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder();
    if (label(field) && proto3 && field.getLabel() == Label.LABEL_OPTIONAL) {
      field.setProto3Optional(true);
    }
    return rest(field, in.path("a field's type"), nest, depth);
  }

  private boolean label(FieldDescriptorProto.Builder field) {
    field.setLabel(Label.LABEL_OPTIONAL);
    if (in.accept("repeated")) {
      field.setLabel(Label.LABEL_REPEATED);
      return true;
    }
    if (proto2 && in.accept("required")) {
      field.setLabel(Label.LABEL_REQUIRED);
      return true;
    }
    return (proto2 || proto3) && in.accept("optional");
  }

  private FieldDescriptorProto.Builder rest(
      FieldDescriptorProto.Builder field,
      String type,
      Consumer<DescriptorProto.Builder> nest,
      int depth) {
    boolean group = proto2 && type.equals("group");
    setType(field, type);
    String name = nameAndNumber(field);
    options(field);
    if (group) {
      field
          .setName(name.toLowerCase(ROOT))
          .setType(FieldDescriptorProto.Type.TYPE_GROUP)
          .setTypeName(name);
      nest.accept(messages.body(DescriptorProto.newBuilder().setName(name), depth));
    } else {
      in.expect(";");
    }
    return field;
  }

  private FieldDescriptorProto.Builder map(
      FieldDescriptorProto.Builder field, Consumer<DescriptorProto.Builder> nest) {
    FieldDescriptorProto.Builder key = entryField("key", 1);
    in.expect(",");
    FieldDescriptorProto.Builder value = entryField("value", 2);
    in.expect(">");
    String entry = camelCase(nameAndNumber(field)) + "Entry";
    options(field);
    in.expect(";");
    nest.accept(
        DescriptorProto.newBuilder()
            .setName(entry)
            .addField(key)
            .addField(value)
            .setOptions(MessageOptions.newBuilder().setMapEntry(true)));
    return field
        .setLabel(Label.LABEL_REPEATED)
        .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
        .setTypeName(entry);
  }

  private FieldDescriptorProto.Builder entryField(String name, int number) {
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setName(name)
            .setNumber(number)
            .setLabel(Label.LABEL_OPTIONAL);
    ProtoTokens.Token at = in.peek();
    setType(field, in.path("the type of a map's " + name));
    boolean fit =
        switch (field.getType()) {
          case TYPE_DOUBLE, TYPE_FLOAT, TYPE_BYTES -> false;
          default -> field.hasType();
        };
    if (number == 1 && !fit) {
      throw in.wrong(
          at, "found '" + at.text() + "'", "a map's key of a whole number, bool or string");
    }
    return field;
  }

  private static void setType(FieldDescriptorProto.Builder field, String type) {
    FieldDescriptorProto.Type scalar = SCALARS.get(type);
    if (scalar == null) {
      // Whether it is a message or an enum is known when its name is looked up.
      field.setTypeName(type);
    } else {
      field.setType(scalar);
    }
  }

  private String nameAndNumber(FieldDescriptorProto.Builder field) {
    String name = in.word("a field's name");
    in.expect("=");
    field.setName(name).setNumber(integer(1, ProtoParser.LARGEST_NUMBER));
    return name;
  }

  /** Options in brackets; two of them are none, but belong to the field itself. */
  private void options(FieldDescriptorProto.Builder field) {
    ProtoTokens.Token at = in.peek();
    for (UninterpretedOption option : ProtoOptions.inBrackets(in)) {
      String name = option.getNameCount() == 1 ? option.getName(0).getNamePart() : "";
      boolean plain = option.getNameCount() == 1 && !option.getName(0).getIsExtension();
      if (plain && name.equals("default")) {
        field.setDefaultValue(defaultValue(at, field, option.getAggregateValue()));
      } else if (plain && name.equals("json_name")) {
        field.setJsonName(new ProtoTokens(field.getName(), option.getAggregateValue()).string(""));
      } else {
        field.getOptionsBuilder().addUninterpretedOption(option);
      }
    }
  }

  private String defaultValue(
      ProtoTokens.Token at, FieldDescriptorProto.Builder field, String written) {
    if (proto3) {
      throw in.wrong(at, "found a default", "none, since proto3 has none");
    }
    ProtoTokens value = new ProtoTokens(field.getName(), written);
    if (value.peek().kind() == ProtoTokens.Kind.STRING) {
      return field.getType() == FieldDescriptorProto.Type.TYPE_BYTES
          ? TextFormat.escapeBytes(value.bytes("a default"))
          : value.string("a default");
    }
    String sign = value.accept("-") ? "-" : "";
    ProtoTokens.Token number = value.peek();
    if (number.kind() == ProtoTokens.Kind.INTEGER) {
      return new BigInteger(sign + decimal(number.text())).toString();
    }
    return number.is("nan") ? "nan" : sign + number.text();
  }

  /** A whole number from {@code least} to {@code most}. */
  int integer(int least, int most) {
    ProtoTokens.Token at = in.peek();
    String sign = in.accept("-") ? "-" : "";
    String expected = "a number from %d to %d".formatted(least, most);
    BigInteger value =
        new BigInteger(sign + decimal(in.take(ProtoTokens.Kind.INTEGER, expected).text()));
    if (value.bitLength() > 31 || value.intValue() < least || value.intValue() > most) {
      throw in.wrong(at, "found " + value, expected);
    }
    return value.intValue();
  }

  private static String decimal(String integer) {
    boolean hex = integer.startsWith("0x") || integer.startsWith("0X");
    boolean octal = !hex && integer.length() > 1 && integer.startsWith("0");
    return new BigInteger(hex ? integer.substring(2) : integer, hex ? 16 : octal ? 8 : 10)
        .toString();
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean up = (i == 0 || name.charAt(i - 1) == '_') && c >= 'a' && c <= 'z';
      camel.append(c == '_' ? "" : up ? Character.toUpperCase(c) : c);
    }
    return camel.toString();
  }
}
