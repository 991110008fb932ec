package dev.millrace.transforms.protobuf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.JavaFeaturesProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import com.google.protobuf.compiler.PluginProtos;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Links a file with the files that it imports. Protobuf's own are always those of the library; of
 * the others, those that are given come before those that Millrace brings: {@value #OURS}, and
 * {@code google/type} and its neighbours from the class path.
 */
final class ProtoLinker {

  /** The name by which a file imports Millrace's own options. */
  static final String OURS = "millrace.proto";

  private static final int DEEPEST = 100;
  private static final Map<String, FileDescriptor> LIBRARY =
      Stream.of(
              AnyProto.getDescriptor(),
              ApiProto.getDescriptor(),
              DescriptorProtos.getDescriptor(),
              DurationProto.getDescriptor(),
              EmptyProto.getDescriptor(),
              FieldMaskProto.getDescriptor(),
              JavaFeaturesProto.getDescriptor(),
              PluginProtos.getDescriptor(),
              SourceContextProto.getDescriptor(),
              StructProto.getDescriptor(),
              TimestampProto.getDescriptor(),
              TypeProto.getDescriptor(),
              WrappersProto.getDescriptor())
          .collect(toUnmodifiableMap(FileDescriptor::getName, file -> file));

  /** Where imported files come from. */
  interface Imports {
    /** The file of this name, or null. */
    @Nullable FileDescriptorProto find(String name);
  }

  private final Imports imports;
  private final Map<String, FileDescriptor> linked = new LinkedHashMap<>();
  private final Set<String> open = new LinkedHashSet<>();

  ProtoLinker(Imports imports) {
    this.imports = imports;
  }

  /**
   * The descriptor of a file.
   *
   * @throws IllegalArgumentException when an import is missing, or what the files say does not fit
   */
  FileDescriptor link(FileDescriptorProto file) {
    if (!open.add(file.getName()) || open.size() > DEEPEST) {
      throw new IllegalArgumentException(
          "%s: found imports in a circle or more than %d deep (%s), expected none"
              .formatted(file.getName(), DEEPEST, String.join(" -> ", open)));
    }
    FileDescriptor[] dependencies = new FileDescriptor[file.getDependencyCount()];
    for (int i = 0; i < dependencies.length; i++) {
      dependencies[i] = link(file.getDependency(i), file.getName());
    }
    List<FileDescriptor> declaring = new ArrayList<>(List.of(dependencies));
    for (String name : file.getOptionDependencyList()) {
      declaring.add(link(name, file.getName()));
    }
    open.remove(file.getName());
    try {
      FileDescriptor first = FileDescriptor.buildFrom(file, dependencies);
      declaring.add(first);
      FileDescriptor complete =
          FileDescriptor.buildFrom(ProtoCompletion.of(file, first, declaring), dependencies);
      linked.put(file.getName(), complete);
      return complete;
    } catch (DescriptorValidationException | InvalidProtocolBufferException e) {
      throw notLinking(file, e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // A damaged descriptor gets past Protobuf's checks, into a null or an index out of bounds.
      throw notLinking(file, e.getClass().getSimpleName(), e);
    }
  }

  private static IllegalArgumentException notLinking(
      FileDescriptorProto file, @Nullable String why, Exception cause) {
    return new IllegalArgumentException(
        "%s: found what is no valid file, expected one that links (%s)"
            .formatted(file.getName(), why),
        cause);
  }

  /** All files that were linked, each behind those that it imports. */
  Collection<FileDescriptor> linked() {
    return linked.values();
  }

  /** Files and all that they import, and these import. */
  static Collection<FileDescriptor> closure(Collection<FileDescriptor> files) {
    Map<String, FileDescriptor> all = new LinkedHashMap<>();
    Deque<FileDescriptor> left = new ArrayDeque<>(files);
    while (!left.isEmpty()) {
      FileDescriptor next = left.remove();
      if (all.putIfAbsent(next.getName(), next) == null) {
        left.addAll(next.getDependencies());
      }
    }
    return all.values();
  }

  /** The descriptor of the file of this name, which {@code importer} imports. */
  FileDescriptor link(String name, String importer) {
    FileDescriptor known = LIBRARY.getOrDefault(name, linked.get(name));
    if (known != null) {
      return known;
    }
    FileDescriptorProto given = imports.find(name);
    FileDescriptorProto found = given == null ? bundled(name) : given;
    if (found == null) {
      throw new IllegalArgumentException(
          "%s: found an import of \"%s\", expected it among the files that came with the schema"
              .formatted(importer, name));
    }
    // A file is known by the name that it is imported by.
    return link(found.toBuilder().setName(name).build());
  }

  private static @Nullable FileDescriptorProto bundled(String name) {
    boolean ours = name.equals(OURS);
    if (!ours && !name.matches("google/[a-z0-9_/]+\\.proto")) {
      return null;
    }
    try (InputStream in =
        ours
            ? ProtoLinker.class.getResourceAsStream(OURS)
            : ProtoLinker.class.getResourceAsStream("/" + name)) {
      return in == null ? null : ProtoParser.parse(name, new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
