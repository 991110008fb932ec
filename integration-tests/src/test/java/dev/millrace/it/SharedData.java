package dev.millrace.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Real data that the project does not carry. A test that needs it is skipped where it is absent.
 */
final class SharedData {

  private SharedData() {}

  static Path file(String name) {
    Path file = Path.of(System.getProperty("millrace.data", "../shared/data"), name);
    assumeTrue(Files.exists(file), () -> "skipped: " + file + " is absent (-Dmillrace.data)");
    return file;
  }
}
