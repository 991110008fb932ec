package dev.millrace.transforms.protobuf;

import com.google.protobuf.DescriptorProtos.UninterpretedOption;
import com.google.protobuf.DescriptorProtos.UninterpretedOption.NamePart;
import dev.millrace.transforms.protobuf.ProtoTokens.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads options as they are written: a name, whose parts in parentheses are extensions, and a
 * value, which is kept as text, whatever its kind. {@link OptionInterpreter} makes it a value.
 */
final class ProtoOptions {

  private ProtoOptions() {}

  /** {@code [a = 1, (b).c = "x"]}, or none when no bracket follows. */
  static List<UninterpretedOption> inBrackets(ProtoTokens in) {
    List<UninterpretedOption> options = new ArrayList<>();
    if (in.accept("[")) {
      do {
        options.add(assignment(in));
      } while (in.accept(","));
      in.expect("]");
    }
    return options;
  }

  /** {@code (b).c = "x"}. */
  static UninterpretedOption assignment(ProtoTokens in) {
    UninterpretedOption.Builder option = UninterpretedOption.newBuilder();
    do {
      boolean extension = in.accept("(");
      String name = extension ? in.path("an option's name") : in.word("an option's name");
      if (extension) {
        in.expect(")");
      }
      option.addName(NamePart.newBuilder().setNamePart(name).setIsExtension(extension));
    } while (in.accept("."));
    in.expect("=");
    return option.setAggregateValue(value(in)).build();
  }

  private static String value(ProtoTokens in) {
    ProtoTokens.Token first = in.peek();
    if (in.accept("{")) {
      for (int open = 1; open > 0; ) {
        if (in.peek().kind() == Kind.END) {
          throw in.unexpected("'}'");
        }
        ProtoTokens.Token token = in.take();
        open += token.is("{") ? 1 : token.is("}") ? -1 : 0;
      }
    } else if (first.kind() == Kind.STRING) {
      while (in.peek().kind() == Kind.STRING) {
        in.take();
      }
    } else {
      in.accept("-");
      if (in.peek().kind() == Kind.SYMBOL || in.peek().kind() == Kind.END) {
        throw in.unexpected("an option's value");
      }
      in.take();
    }
    return in.since(first);
  }
}
