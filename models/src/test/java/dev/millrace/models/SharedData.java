package dev.millrace.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of real data that tests measure against; it is no part of this project and may be
 * absent.
 */
public final class SharedData {

  private SharedData() {}

  /** A file or folder in it; the test that asks is skipped when it is not there. */
  public static Path at(String path) {
    Path found = Path.of(System.getProperty("millrace.data", "../shared/data")).resolve(path);
    assumeTrue(
        Files.exists(found), () -> "skipped: no " + found + "; -Dmillrace.data names the folder");
    return found;
  }
}
