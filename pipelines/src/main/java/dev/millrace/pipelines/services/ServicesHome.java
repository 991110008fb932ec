package dev.millrace.pipelines.services;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the servers' files lie: {@code runners-config/services/target} under the project's root,
 * filled by {@code ./mvnw package}.
 *
 * <p>Every method fails with an {@link IOException} that names the missing file and the command
 * that makes it.
 */
public record ServicesHome(Path root) {
  private static final String PROPERTY = "millrace.root";
  private static final String MAKE = "; run ./mvnw package in the project's root";

  /** The root that the system property {@code millrace.root} names, else the current folder. */
  public static ServicesHome ofThisProject() {
    return new ServicesHome(Path.of(System.getProperty(PROPERTY, "")).toAbsolutePath());
  }

  /** The broker's jars, as one class path. */
  public String kafkaClassPath() throws IOException {
    Path list = target().resolve("kafka.classpath");
    if (!Files.isRegularFile(list)) {
      throw notBuilt("no list of the Kafka broker's jars at " + list);
    }
    String classPath = Files.readString(list).strip();
    for (String jar : List.of(classPath.split(File.pathSeparator, -1))) {
      if (!Files.isRegularFile(Path.of(jar))) {
        throw notBuilt(list + " names " + jar + ", which is not there");
      }
    }
    return classPath;
  }

  /** The schema registry's runnable jar; its libraries lie beside it. */
  public Path registryJar() throws IOException {
    Path folder = target().resolve("registry");
    if (!Files.isDirectory(folder)) {
      throw notBuilt("no schema registry at " + folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(() -> notBuilt("no *-runner.jar in " + folder));
    }
  }

  private Path target() {
    return root.resolve("runners-config").resolve("services").resolve("target");
  }

  private static IOException notBuilt(String found) {
    return new IOException(found + MAKE + " (the root is taken from -D" + PROPERTY + ")");
  }
}
