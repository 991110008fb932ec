package dev.millrace.pipelines.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a Flink process is started from: the jars that {@code ./mvnw package} lists, and the
 * configuration in {@code runners-config}.
 */
record FlinkHome(Path root) {

  private static final String MAKE = "; run ./mvnw package in the project's root";

  static FlinkHome ofThisProject() {
    return new FlinkHome(ServicesHome.ofThisProject().root());
  }

  /** The settings that Millrace recommends for a cluster. */
  FlinkSettings settings() throws IOException {
    return FlinkSettings.read(config("flink").resolve("config.yaml"));
  }

  /** Flink's lib, as one class path. */
  String classPath() throws IOException {
    Path list = config("flink-cluster").resolve("target").resolve("classpath");
    if (!Files.isRegularFile(list)) {
      throw new IOException("found no list of Flink's jars at " + list + MAKE);
    }
    return Files.readString(list).strip();
  }

  /** What every Flink JVM is started with. */
  List<String> jvm(Path log) {
    return List.of(
        "@" + root.resolve("runners-config").resolve("jvm.options"),
        "-XX:-UsePerfData",
        // The web UI shows this file.
        "-Dlog.file=" + log,
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
  }

  private Path config(String name) {
    return root.resolve("runners-config").resolve(name);
  }
}
