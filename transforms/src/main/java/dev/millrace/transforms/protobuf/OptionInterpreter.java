package dev.millrace.transforms.protobuf;

import com.google.protobuf.DescriptorProtos.UninterpretedOption;
import com.google.protobuf.DescriptorProtos.UninterpretedOption.NamePart;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.millrace.transforms.event.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes options that were only read into values, by the extensions that a file and its imports
 * declare. An option is the text format of one field of its options message, so Protobuf's own
 * parser of that format checks and sets it. One that nothing declares, or whose value is newer than
 * this library, stays uninterpreted, unless it says how messages are written or is Millrace's own.
 */
final class OptionInterpreter {

  private static final int UNINTERPRETED = 999;
  private static final Set<String> WIRE =
      Set.of("features", "map_entry", "message_set_wire_format", "packed");
  private static final TextFormat.Parser PARSER = TextFormat.Parser.newBuilder().build();

  private final String file;
  private final Map<String, FieldDescriptor> extensions = new TreeMap<>();
  private final ExtensionRegistry registry = ExtensionRegistry.newInstance();

  /** For a file, by what these files and their imports declare. */
  OptionInterpreter(String file, Collection<FileDescriptor> declaring) {
    this.file = file;
    ProtoLinker.closure(declaring).forEach(this::addExtensions);
    for (FieldDescriptor extension : extensions.values()) {
      if (extension.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        registry.add(extension, DynamicMessage.getDefaultInstance(extension.getMessageType()));
      } else {
        registry.add(extension);
      }
    }
  }

  private void addExtensions(FileDescriptor file) {
    add(file.getExtensions());
    file.getMessageTypes().forEach(this::addExtensions);
  }

  private void addExtensions(Descriptor message) {
    add(message.getExtensions());
    message.getNestedTypes().forEach(this::addExtensions);
  }

  private void add(List<FieldDescriptor> declared) {
    declared.forEach(extension -> extensions.put(extension.getFullName(), extension));
  }

  /** Interprets the options of the element of this full name. */
  void interpret(Message.Builder options, String element) {
    Descriptor type = options.getDescriptorForType();
    FieldDescriptor slot = type.findFieldByNumber(UNINTERPRETED);
    Object unread = options.getField(slot);
    options.clearField(slot);
    for (Object each : (List<?>) unread) {
      UninterpretedOption option = (UninterpretedOption) each;
      String text = textFormat(option, type, element);
      if (text == null) {
        options.addRepeatedField(slot, option);
        continue;
      }
      try {
        PARSER.merge(text, registry, options);
      } catch (TextFormat.ParseException e) {
        if (!matters(option)) {
          options.addRepeatedField(slot, option);
          continue;
        }
        throw new IllegalArgumentException(
            "%s: option %s of %s: found a value of another kind, expected what its declaration says (%s)"
                .formatted(file, written(option), element, e.getMessage()),
            e);
      }
    }
  }

  private @Nullable String textFormat(UninterpretedOption option, Descriptor type, String element) {
    StringBuilder text = new StringBuilder();
    Descriptor within = type;
    for (NamePart part : option.getNameList()) {
      FieldDescriptor field =
          within == null
              ? null
              : part.getIsExtension()
                  ? extension(part.getNamePart(), within, element)
                  : within.findFieldByName(part.getNamePart());
      if (field == null) {
        if (matters(option)) {
          throw unknown(option, element);
        }
        return null;
      }
      text.append(text.isEmpty() ? "" : " { ")
          .append(field.isExtension() ? "[" + field.getFullName() + "]" : field.getName());
      boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      within = message ? field.getMessageType() : null;
    }
    return text.append(": ")
        .append(option.getAggregateValue())
        .append(" }".repeat(option.getNameCount() - 1))
        .toString();
  }

  /**
   * The extension that a name means here: names are relative to the element, then to what holds it.
   */
  private @Nullable FieldDescriptor extension(String name, Descriptor extended, String element) {
    if (name.startsWith(".")) {
      return extending(extended, name.substring(1));
    }
    for (String scope = element;
        ;
        scope = scope.substring(0, Math.max(0, scope.lastIndexOf('.')))) {
      FieldDescriptor found = extending(extended, scope.isEmpty() ? name : scope + "." + name);
      if (found != null || scope.isEmpty()) {
        return found;
      }
    }
  }

  private @Nullable FieldDescriptor extending(Descriptor extended, String fullName) {
    FieldDescriptor extension = extensions.get(fullName);
    boolean here =
        extension != null
            && extension.getContainingType().getFullName().equals(extended.getFullName());
    return here ? extension : null;
  }

  private static boolean matters(UninterpretedOption option) {
    boolean extended = option.getNameList().stream().anyMatch(NamePart::getIsExtension);
    String name = option.getName(0).getNamePart();
    return extended ? name.matches("\\.?millrace\\..*") : WIRE.contains(name);
  }

  private IllegalArgumentException unknown(UninterpretedOption option, String element) {
    String name = option.getName(0).getNamePart();
    List<String> known =
        extensions.keySet().stream().filter(each -> each.startsWith("millrace.")).toList();
    return new IllegalArgumentException(
        "%s: found the unknown option %s of %s, expected %s%s"
            .formatted(
                file,
                written(option),
                element,
                known.isEmpty()
                    ? "an import of \"%s\" for Millrace's".formatted(ProtoLinker.OURS)
                    : "one of " + known + " for Millrace's",
                Suggestion.didYouMean(name, known)));
  }

  private static String written(UninterpretedOption option) {
    StringBuilder name = new StringBuilder();
    for (NamePart part : option.getNameList()) {
      name.append(name.isEmpty() ? "" : ".")
          .append(part.getIsExtension() ? "(" + part.getNamePart() + ")" : part.getNamePart());
    }
    return name.toString();
  }
}
