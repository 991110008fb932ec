package dev.millrace.benchmark.decode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the machine computes with. */
final class Cpu {

  private static final Path LINUX = Path.of("/proc/cpuinfo");

  private Cpu() {}

  /** Its model where Linux tells it, else its architecture; and how many processors there are. */
  static String name() {
    return "%s, %d processors".formatted(model(), Runtime.getRuntime().availableProcessors());
  }

  private static String model() {
    String architecture = System.getProperty("os.arch", "unknown");
    if (!Files.isReadable(LINUX)) {
      return architecture;
    }
    try (Stream<String> lines = Files.lines(LINUX)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      return architecture;
    }
  }
}
