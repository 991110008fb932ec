package dev.millrace.transforms.protobuf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from text is what the real protoc makes of it. */
class ProtocFidelityTest {

  private static final List<String> FILES =
      List.of(
          "everything2.proto",
          "everything3.proto",
          "indirect.proto",
          "nosyntax.proto",
          "options.proto",
          "shared.proto",
          "weak.proto");
  private static final String MONEY = "google/type/money.proto";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "everything2.proto",
        "everything3.proto",
        "indirect.proto",
        "nosyntax.proto",
        "options.proto",
        "google/type/calendar_period.proto",
        "google/type/datetime.proto",
        "google/type/expr.proto",
        "google/type/money.proto",
        "google/type/postal_address.proto",
        "google/rpc/error_details.proto",
        "google/protobuf/struct.proto",
        "google/protobuf/type.proto"
      })
  void a_file_is_what_protoc_makes_of_it(String name) throws Exception {
    for (String each : FILES) {
      copy("/dev/millrace/transforms/protobuf/" + each, folder.resolve(each));
    }
    copy("/" + MONEY, folder.resolve(MONEY));
    if (name.startsWith("google/")) {
      copy("/" + name, folder.resolve(name));
    }
    FileDescriptorSet compiled = protoc(name);
    FileDescriptorProto expected = compiled.getFile(compiled.getFileCount() - 1);

    // As an imported file would be read, so that Protobuf's own are parsed too.
    FileDescriptorProto parsed = ProtoParser.parse(name, Files.readString(folder.resolve(name)));
    FileDescriptorProto found =
        new ProtoLinker(
                imported ->
                    Files.exists(folder.resolve(imported))
                        ? ProtoParser.parse(imported, read(folder.resolve(imported)))
                        : null)
            .link(parsed)
            .toProto();

    ExtensionRegistry options = options();
    assertThat(comparable(found, options)).isEqualTo(comparable(expected, options));
  }

  /** Values of options typed, defaults as numbers, and no services, of which none is kept. */
  private static FileDescriptorProto comparable(FileDescriptorProto file, ExtensionRegistry options)
      throws IOException {
    FileDescriptorProto.Builder typed =
        FileDescriptorProto.parseFrom(file.toByteArray(), options).toBuilder().clearService();
    typed.getMessageTypeBuilderList().forEach(ProtocFidelityTest::evenDefaults);
    return typed.build();
  }

  private ExtensionRegistry options() {
    ExtensionRegistry registry = ExtensionRegistry.newInstance();
    for (FieldDescriptor each :
        ProtobufSchema.read(folder.resolve("options.proto")).file().getExtensions()) {
      if (each.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        registry.add(each, DynamicMessage.getDefaultInstance(each.getMessageType()));
      } else {
        registry.add(each);
      }
    }
    return registry;
  }

  private static void evenDefaults(DescriptorProto.Builder message) {
    message.getNestedTypeBuilderList().forEach(ProtocFidelityTest::evenDefaults);
    for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
      boolean decimal =
          field.getType() == FieldDescriptorProto.Type.TYPE_DOUBLE
              || field.getType() == FieldDescriptorProto.Type.TYPE_FLOAT;
      if (decimal && field.getDefaultValue().matches("[-+.e0-9]+")) {
        field.setDefaultValue(Double.toString(Double.parseDouble(field.getDefaultValue())));
      }
    }
  }

  private FileDescriptorSet protoc(String name) throws Exception {
    Path protoc = Path.of("/usr/bin/protoc");
    assumeThat(protoc)
        .as("skipped: there is no %s (Debian's package protobuf-compiler) to compare with", protoc)
        .isExecutable();
    assumeThat(Path.of("/usr/include/google/protobuf/any.proto"))
        .as("skipped: there are no files to import (Debian's package libprotobuf-dev)")
        .exists();
    Path set = folder.resolve("set.bin");
    Process process =
        new ProcessBuilder(
                protoc.toString(),
                "-I" + folder,
                "--include_imports",
                "--descriptor_set_out=" + set,
                name)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return FileDescriptorSet.parseFrom(Files.readAllBytes(set));
  }

  private static void copy(String resource, Path target) throws IOException {
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    try (InputStream in = ProtocFidelityTest.class.getResourceAsStream(resource)) {
      Files.write(target, Objects.requireNonNull(in, resource).readAllBytes());
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
