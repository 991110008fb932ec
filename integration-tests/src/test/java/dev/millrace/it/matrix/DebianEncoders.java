package dev.millrace.it.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Debian's python3-avro, python3-protobuf with protoc, and Python's json, as {@code encode.py}. */
final class DebianEncoders {

  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private final Path folder;

  DebianEncoders(Path folder) {
    this.folder = folder;
  }

  List<byte[]> avro() throws IOException, InterruptedException {
    assumePython("avro.io", "python3-avro");
    return encode("avro", resource("payment.avsc").toString());
  }

  List<byte[]> json() throws IOException, InterruptedException {
    assumePython("json", "python3");
    return encode("json");
  }

  List<byte[]> protobuf() throws IOException, InterruptedException {
    assumePython("google.protobuf", "python3-protobuf");
    assumeThat(Files.exists(Path.of("/usr/bin/protoc")))
        .as("protoc of Debian's package protobuf-compiler")
        .isTrue();
    assumeThat(Files.exists(Path.of("/usr/include/google/protobuf/any.proto")))
        .as("what files import, of Debian's package libprotobuf-dev")
        .isTrue();
    Path proto = resource("payment.proto");
    run(
        List.of(
            "/usr/bin/protoc", "--python_out=" + folder, "-I", folder.toString(), proto.toString()),
        "");
    return encode("protobuf", folder.toString());
  }

  /** Sends each payload, a line, by kcat: a client of Kafka that is not Java's either. */
  void sendLines(String bootstrapServers, String topic, List<byte[]> payloads)
      throws IOException, InterruptedException {
    Path kcat = Path.of("/usr/bin/kcat");
    assumeThat(Files.exists(kcat)).as("Debian's package kcat").isTrue();
    Path lines = folder.resolve(topic + ".lines");
    Files.write(lines, payloads.stream().map(payload -> new String(payload, UTF_8)).toList());
    run(
        List.of(kcat.toString(), "-P", "-b", bootstrapServers, "-t", topic, "-l", lines.toString()),
        "");
  }

  private static void assumePython(String module, String debianPackage)
      throws IOException, InterruptedException {
    boolean there =
        Files.exists(PYTHON)
            && new ProcessBuilder(PYTHON.toString(), "-c", "import " + module)
                    .redirectErrorStream(true)
                    .start()
                    .waitFor()
                == 0;
    assumeThat(there).as("Debian's package " + debianPackage).isTrue();
  }

  /** A file of the resources, written into the folder. */
  Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (var in = DebianEncoders.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private List<byte[]> encode(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(PYTHON.toString(), resource("encode.py").toString()));
    command.addAll(List.of(arguments));
    StringBuilder lines = new StringBuilder();
    ObjectMapper json = new ObjectMapper();
    for (Payment payment : Payment.some()) {
      lines.append(json.writeValueAsString(payment)).append('\n');
    }
    return run(command, lines.toString())
        .lines()
        .map(line -> Base64.getDecoder().decode(line))
        .toList();
  }

  private static String run(List<String> command, String input)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
