package dev.millrace.transforms.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.ExtensionRangeOptions;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.DescriptorProtos.SymbolVisibility;
import com.google.protobuf.DescriptorProtos.UninterpretedOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads {@code .proto} text into what protoc makes of it, up to what needs the imported files:
 * names of types stay as written, and options uninterpreted. {@link ProtoCompletion} does the rest.
 * Services are passed over. Source: the Protocol Buffers language specifications of proto2, proto3
 * and editions 2023 and 2024.
 */
final class ProtoParser {

  private static final int DEEPEST = 32;
  static final int LARGEST_NUMBER = (1 << 29) - 1;

  private final ProtoTokens in;
  private final FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
  private final ProtoFields fields;
  private boolean proto2 = true;

  private ProtoParser(String name, String text) {
    this.in = new ProtoTokens(name, text);
    file.setName(name);
    dialect();
    this.fields = new ProtoFields(in, this, proto2, file.getSyntax().equals("proto3"));
  }

  /**
   * The file of this name and text.
   *
   * @throws IllegalArgumentException naming file, line and column, when it is no such text
   */
  static FileDescriptorProto parse(String name, String text) {
    return new ProtoParser(name, text).parse();
  }

  private void dialect() {
    if (in.accept("syntax")) {
      in.expect("=");
      ProtoTokens.Token at = in.peek();
      String syntax = in.string("\"proto2\" or \"proto3\"");
      if (!syntax.equals("proto2") && !syntax.equals("proto3")) {
        throw in.wrong(at, "found syntax \"" + syntax + "\"", "\"proto2\" or \"proto3\"");
      }
      in.expect(";");
      proto2 = syntax.equals("proto2");
      if (!proto2) {
        file.setSyntax(syntax);
      }
    } else if (in.accept("edition")) {
      in.expect("=");
      ProtoTokens.Token at = in.peek();
      String edition = in.string("\"2023\" or \"2024\"");
      if (!edition.equals("2023") && !edition.equals("2024")) {
        throw in.wrong(at, "found edition \"" + edition + "\"", "\"2023\" or \"2024\"");
      }
      in.expect(";");
      proto2 = false;
      file.setSyntax("editions").setEdition(Edition.valueOf("EDITION_" + edition));
    }
  }

  private FileDescriptorProto parse() {
    while (in.peek().kind() != ProtoTokens.Kind.END) {
      if (in.accept("import")) {
        addImport();
      } else if (in.peek().is("package") && !file.hasPackage()) {
        in.take();
        file.setPackage(in.path("a package's name"));
        in.expect(";");
      } else if (in.accept("option")) {
        file.getOptionsBuilder().addUninterpretedOption(option());
        in.expect(";");
      } else if (visibleHere()) {
        visible(file::addMessageType, file::addEnumType, 0);
      } else if (in.accept("message")) {
        file.addMessageType(message(0));
      } else if (in.accept("enum")) {
        file.addEnumType(enumeration());
      } else if (in.accept("extend")) {
        extend(file::addMessageType, file::addExtension, 0);
      } else if (in.accept("service")) {
        in.word("a service's name");
        skipBlock();
      } else if (!in.accept(";")) {
        throw in.unexpected("import, package, option, message, enum, extend or service");
      }
    }
    return file.build();
  }

  private void addImport() {
    if (in.accept("public")) {
      file.addPublicDependency(file.getDependencyCount());
    } else if (in.accept("weak")) {
      file.addWeakDependency(file.getDependencyCount());
    } else if (in.accept("option")) {
      file.addOptionDependency(in.string("a file's name in quotes"));
      in.expect(";");
      return;
    }
    file.addDependency(in.string("a file's name in quotes"));
    in.expect(";");
  }

  /** A message or an enum of edition 2024 that says who may use it. */
  private void visible(
      Consumer<DescriptorProto.Builder> addMessage,
      Consumer<EnumDescriptorProto.Builder> addEnum,
      int depth) {
    SymbolVisibility visibility =
        in.take().is("export")
            ? SymbolVisibility.VISIBILITY_EXPORT
            : SymbolVisibility.VISIBILITY_LOCAL;
    if (in.accept("message")) {
      addMessage.accept(message(depth).setVisibility(visibility));
    } else {
      in.expect("enum");
      addEnum.accept(enumeration().setVisibility(visibility));
    }
  }

  private DescriptorProto.Builder message(int depth) {
    return body(DescriptorProto.newBuilder().setName(in.word("a message's name")), depth);
  }

  /** A message's statements, in braces. */
  DescriptorProto.Builder body(DescriptorProto.Builder message, int depth) {
    if (depth == DEEPEST) {
      throw in.unexpected("messages nested at most %d deep".formatted(DEEPEST));
    }
    in.expect("{");
    while (!in.accept("}")) {
      statement(message, depth);
    }
    addOneofsOfOptionals(message);
    return message;
  }

  private void statement(DescriptorProto.Builder message, int depth) {
    if (in.accept("message")) {
      message.addNestedType(message(depth + 1));
    } else if (in.accept("enum")) {
      message.addEnumType(enumeration());
    } else if (visibleHere()) {
      visible(message::addNestedType, message::addEnumType, depth + 1);
    } else if (in.accept("extend")) {
      extend(message::addNestedType, message::addExtension, depth + 1);
    } else if (in.accept("option")) {
      message.getOptionsBuilder().addUninterpretedOption(option());
      in.expect(";");
    } else if (in.accept("oneof")) {
      oneof(message, depth + 1);
    } else if (in.accept("extensions")) {
      extensions(message);
    } else if (in.accept("reserved")) {
      if (ranges(
          LARGEST_NUMBER,
          (from, to) ->
              message.addReservedRange(ReservedRange.newBuilder().setStart(from).setEnd(to + 1)))) {
        in.expect(";");
      } else {
        reservedNames(message::addReservedName);
      }
    } else if (!in.accept(";")) {
      message.addField(fields.field(message::addNestedType, depth + 1));
    }
  }

  /** Before edition 2024 the two words may name a type. */
  private boolean visibleHere() {
    return file.getEdition() == Edition.EDITION_2024
        && (in.peek().is("export") || in.peek().is("local"));
  }

  private void oneof(DescriptorProto.Builder message, int depth) {
    OneofDescriptorProto.Builder oneof =
        OneofDescriptorProto.newBuilder().setName(in.word("a oneof's name"));
    in.expect("{");
    while (!in.accept("}")) {
      if (in.accept("option")) {
        oneof.getOptionsBuilder().addUninterpretedOption(option());
        in.expect(";");
      } else if (!in.accept(";")) {
        message.addField(
            fields
                .member(message::addNestedType, depth)
                .setOneofIndex(message.getOneofDeclCount()));
      }
    }
    message.addOneofDecl(oneof);
  }

  /** A proto3 field that is {@code optional} is the only member of a oneof that nobody wrote. */
  private static void addOneofsOfOptionals(DescriptorProto.Builder message) {
    Set<String> taken = new HashSet<>();
    message.getFieldList().forEach(field -> taken.add(field.getName()));
    message.getOneofDeclList().forEach(oneof -> taken.add(oneof.getName()));
    for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
      if (field.getProto3Optional()) {
        String name = field.getName().startsWith("_") ? field.getName() : "_" + field.getName();
        while (!taken.add(name)) {
          name = "X" + name;
        }
        field.setOneofIndex(message.getOneofDeclCount());
        message.addOneofDecl(OneofDescriptorProto.newBuilder().setName(name));
      }
    }
  }

  private void extend(
      Consumer<DescriptorProto.Builder> nest,
      Consumer<FieldDescriptorProto.Builder> add,
      int depth) {
    String extended = in.path("the name of the message that is extended");
    in.expect("{");
    while (!in.accept("}")) {
      if (!in.accept(";")) {
        add.accept(fields.extension(nest, depth).setExtendee(extended));
      }
    }
  }

  private void extensions(DescriptorProto.Builder message) {
    int first = message.getExtensionRangeCount();
    if (!ranges(
        LARGEST_NUMBER,
        (from, to) -> message.addExtensionRangeBuilder().setStart(from).setEnd(to + 1))) {
      throw in.unexpected("a number");
    }
    List<UninterpretedOption> options = ProtoOptions.inBrackets(in);
    if (!options.isEmpty()) {
      ExtensionRangeOptions all =
          ExtensionRangeOptions.newBuilder().addAllUninterpretedOption(options).build();
      message.getExtensionRangeBuilderList().stream()
          .skip(first)
          .forEach(range -> range.setOptions(all));
    }
    in.expect(";");
  }

  private EnumDescriptorProto.Builder enumeration() {
    EnumDescriptorProto.Builder result =
        EnumDescriptorProto.newBuilder().setName(in.word("an enum's name"));
    in.expect("{");
    while (!in.accept("}")) {
      if (in.accept("option")) {
        result.getOptionsBuilder().addUninterpretedOption(option());
        in.expect(";");
      } else if (in.accept("reserved")) {
        if (ranges(
            Integer.MAX_VALUE,
            (from, to) ->
                result.addReservedRange(
                    EnumReservedRange.newBuilder().setStart(from).setEnd(to)))) {
          in.expect(";");
        } else {
          reservedNames(result::addReservedName);
        }
      } else if (!in.accept(";")) {
        result.addValue(enumValue());
      }
    }
    return result;
  }

  private EnumValueDescriptorProto.Builder enumValue() {
    EnumValueDescriptorProto.Builder value =
        EnumValueDescriptorProto.newBuilder().setName(in.word("a value's name"));
    in.expect("=");
    value.setNumber(fields.integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
    List<UninterpretedOption> options = ProtoOptions.inBrackets(in);
    if (!options.isEmpty()) {
      value.getOptionsBuilder().addAllUninterpretedOption(options);
    }
    in.expect(";");
    return value;
  }

  private interface Range {
    void add(int from, int to);
  }

  /** Reads {@code 2, 9 to 11, 40 to max}, unless no number follows. */
  private boolean ranges(int max, Range range) {
    if (in.peek().kind() != ProtoTokens.Kind.INTEGER && !in.peek().is("-")) {
      return false;
    }
    int least = max == LARGEST_NUMBER ? 1 : Integer.MIN_VALUE;
    do {
      int from = fields.integer(least, max);
      int to = from;
      if (in.accept("to")) {
        to = in.accept("max") ? max : fields.integer(from, max);
      }
      range.add(from, to);
    } while (in.accept(","));
    return true;
  }

  private void reservedNames(Consumer<String> add) {
    do {
      // Editions have the names as words, the others in quotes.
      add.accept(
          in.peek().kind() == ProtoTokens.Kind.WORD ? in.take().text() : in.string("a name"));
    } while (in.accept(","));
    in.expect(";");
  }

  private UninterpretedOption option() {
    return ProtoOptions.assignment(in);
  }

  private void skipBlock() {
    in.expect("{");
    for (int open = 1; open > 0; ) {
      if (in.peek().kind() == ProtoTokens.Kind.END) {
        throw in.unexpected("'}'");
      }
      ProtoTokens.Token token = in.take();
      open += token.is("{") ? 1 : token.is("}") ? -1 : 0;
    }
  }
}
