package dev.millrace.transforms.protobuf;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.millrace.transforms.event.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Protobuf file and all that it imports, linked: what says how messages are written. It may be
 * made while running, from what a registry answers. {@code google/protobuf}, {@code google/type}
 * and {@code millrace.proto} need not come with it.
 *
 * <p>Whatever is wrong with a schema is an {@link IllegalArgumentException} that names the file,
 * and the line where it is text.
 *
 * <pre>{@code
 * Descriptor payment = ProtobufSchema.read(Path.of("payment.proto")).message("acme.Payment");
 * }</pre>
 */
public final class ProtobufSchema {

  private final FileDescriptor file;
  private final List<FileDescriptor> files;
  private final boolean entriesWritten;
  private final Map<String, String> contents;

  /**
   * @param contents what the files were read from, by their names; of a file that has none it is
   *     made
   */
  private ProtobufSchema(
      FileDescriptor file,
      Collection<FileDescriptor> files,
      boolean entriesWritten,
      Map<String, String> contents) {
    this.file = file;
    this.files = List.copyOf(files);
    this.entriesWritten = entriesWritten;
    this.contents = contents;
  }

  /**
   * The schema that a registry keeps under {@code name}. It and each of its imports, by the names
   * they are imported by, may be {@code .proto} text or a serialised {@code FileDescriptorProto} in
   * base64.
   */
  public static ProtobufSchema of(String name, String schema, Map<String, String> imports) {
    ProtoLinker linker =
        new ProtoLinker(
            imported -> {
              String content = imports.get(imported);
              return content == null ? null : parse(imported, content);
            });
    // Confluent's client writes the entries of maps as messages, and Protobuf itself has them.
    boolean entriesWritten =
        serialised(schema) != null || Pattern.compile("\\bmap_entry\\s*=").matcher(schema).find();
    Map<String, String> contents = new LinkedHashMap<>(imports);
    contents.put(name, schema);
    return new ProtobufSchema(
        linker.link(parse(name, schema)), linker.linked(), entriesWritten, contents);
  }

  /**
   * The schema of a file: a {@code .proto} file, whose imports lie in or under its folder, or any
   * other, which is a descriptor set as protoc writes it with {@code --include_imports}.
   */
  public static ProtobufSchema read(Path path) {
    if (!path.toString().endsWith(".proto")) {
      return ofDescriptorSet(path.toString(), bytes(path));
    }
    Path folder = path.toAbsolutePath().normalize().resolveSibling("");
    Map<String, String> contents = new LinkedHashMap<>();
    ProtoLinker linker =
        new ProtoLinker(
            imported -> {
              Path at = folder.resolve(imported).normalize();
              if (!at.startsWith(folder) || !Files.isRegularFile(at)) {
                return null;
              }
              contents.put(imported, text(at));
              return ProtoParser.parse(imported, text(at));
            });
    String name = String.valueOf(path.getFileName());
    contents.put(name, text(path));
    FileDescriptorProto file = ProtoParser.parse(name, text(path));
    return new ProtobufSchema(linker.link(file), linker.linked(), false, contents);
  }

  /** The schema of a serialised descriptor set. Its last file is the one that is meant. */
  public static ProtobufSchema ofDescriptorSet(String name, byte[] descriptorSet) {
    Map<String, FileDescriptorProto> all = new LinkedHashMap<>();
    String last = null;
    try {
      for (FileDescriptorProto each : FileDescriptorSet.parseFrom(descriptorSet).getFileList()) {
        all.put(each.getName(), each);
        last = each.getName();
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "%s: found bytes that are none (%s), expected a descriptor set"
              .formatted(name, e.getMessage()),
          e);
    }
    if (last == null) {
      throw new IllegalArgumentException(
          "%s: found no file in it, expected a descriptor set".formatted(name));
    }
    ProtoLinker linker = new ProtoLinker(all::get);
    for (String each : all.keySet()) {
      linker.link(each, name);
    }
    return new ProtobufSchema(linker.link(last, name), linker.linked(), true, Map.of());
  }

  /** The file that is meant, not one that it imports. */
  public FileDescriptor file() {
    return file;
  }

  /** The file with all its imports, serialised; {@link #ofDescriptorSet} reads it. */
  public byte[] descriptorSet() {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    files.stream().filter(each -> each != file).forEach(each -> set.addFile(each.toProto()));
    return set.addFile(file.toProto()).build().toByteArray();
  }

  /** The file as a registry keeps it: what it was read from, or else serialised and in base64. */
  public String content() {
    return content(file);
  }

  /** So also all that it imports, by name, each behind those that it imports itself. */
  public Map<String, String> imports() {
    Map<String, String> all = new LinkedHashMap<>();
    for (FileDescriptor each : files) {
      if (each != file) {
        all.put(each.getName(), content(each));
      }
    }
    return all;
  }

  private String content(FileDescriptor each) {
    String given = contents.get(each.getName());
    return given == null ? Base64.getEncoder().encodeToString(each.toProto().toByteArray()) : given;
  }

  /** The first message of the file. */
  public Descriptor message() {
    if (file.getMessageTypes().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: found no message, expected at least one".formatted(file.getName()));
    }
    return file.getMessageTypes().get(0);
  }

  /** The message of this full name, in the file or one that came with it. */
  public Descriptor message(String fullName) {
    Map<String, Descriptor> known = new LinkedHashMap<>();
    files.forEach(each -> addAll(each.getMessageTypes(), known));
    Descriptor message = known.get(fullName);
    if (message != null) {
      return message;
    }
    List<String> ending =
        known.keySet().stream().filter(name -> name.endsWith("." + fullName)).toList();
    throw new IllegalArgumentException(
        "%s: found no message '%s', expected one of %s%s"
            .formatted(
                file.getName(),
                fullName,
                file.getMessageTypes().stream().map(Descriptor::getFullName).toList(),
                ending.isEmpty()
                    ? Suggestion.didYouMean(fullName, known.keySet())
                    : " (did you mean '" + ending.get(0) + "'?)"));
  }

  /**
   * The message that Confluent's frame points to: the index of a message in the file, then of one
   * nested in it, and so on. What counts is what stands in the registry: an entry of a map does in
   * a descriptor, and does not in text with {@code map<...>}. No indexes mean the first message.
   */
  public Descriptor message(int... indexes) {
    List<Descriptor> choice = file.getMessageTypes();
    Descriptor message = null;
    for (int index : indexes) {
      if (index < 0 || index >= choice.size()) {
        throw new IllegalArgumentException(
            "%s: found message indexes %s, expected indexes of its messages"
                .formatted(file.getName(), Arrays.toString(indexes)));
      }
      message = choice.get(index);
      choice =
          message.getNestedTypes().stream()
              .filter(nested -> entriesWritten || !nested.getOptions().getMapEntry())
              .toList();
    }
    return message == null ? message() : message;
  }

  private static void addAll(List<Descriptor> messages, Map<String, Descriptor> known) {
    for (Descriptor message : messages) {
      known.put(message.getFullName(), message);
      addAll(message.getNestedTypes(), known);
    }
  }

  private static FileDescriptorProto parse(String name, String content) {
    FileDescriptorProto serialised = serialised(content);
    return serialised == null
        ? ProtoParser.parse(name, content)
        : serialised.toBuilder().setName(name).build();
  }

  /** What base64 holds; text has a semicolon or a brace somewhere, or nothing. */
  private static @Nullable FileDescriptorProto serialised(String content) {
    String base64 = content.strip();
    if (base64.isEmpty() || base64.indexOf(';') >= 0 || base64.indexOf('}') >= 0) {
      return null;
    }
    try {
      return FileDescriptorProto.parseFrom(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "%s: found no such file, expected a Protobuf schema".formatted(path), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: found a file that cannot be read (%s), expected a Protobuf schema"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private static String text(Path path) {
    return new String(bytes(path), UTF_8);
  }
}
