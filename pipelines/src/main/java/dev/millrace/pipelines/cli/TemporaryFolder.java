package dev.millrace.pipelines.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone when it is closed. */
record TemporaryFolder(Path path) implements Closeable {

  static TemporaryFolder create() throws IOException {
    return new TemporaryFolder(Files.createTempDirectory("millrace-"));
  }

  /** One that nobody closes: it is gone when the JVM has ended. */
  static TemporaryFolder untilExit() throws IOException {
    TemporaryFolder folder = create();
    Runtime.getRuntime().addShutdownHook(new Thread(folder::closeQuietly));
    return folder;
  }

  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      // Somebody still writes into it. It is a temporary folder, and nobody is left to be told.
    }
  }

  Path file(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
