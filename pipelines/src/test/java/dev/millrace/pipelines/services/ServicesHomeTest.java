package dev.millrace.pipelines.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesHomeTest {
  @TempDir private Path root;

  @Test
  void a_project_that_was_not_built_is_told_which_command_builds_it() {
    assertThatThrownBy(() -> new ServicesHome(root).kafkaClassPath())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root.toString())
        .hasMessageContaining("run ./mvnw package");
    assertThatThrownBy(() -> new ServicesHome(root).registryJar())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root.toString())
        .hasMessageContaining("run ./mvnw package");
  }

  @Test
  void a_jar_that_went_away_after_the_build_is_named() throws IOException {
    Path target = Files.createDirectories(root.resolve("runners-config/services/target"));
    Path there = Files.createFile(root.resolve("there.jar"));
    Path gone = root.resolve("gone.jar");
    Files.writeString(target.resolve("kafka.classpath"), there + File.pathSeparator + gone);
    assertThatThrownBy(() -> new ServicesHome(root).kafkaClassPath()).hasMessageContaining("gone");

    Files.createFile(gone);
    assertThat(new ServicesHome(root).kafkaClassPath()).endsWith("gone.jar");
  }

  @Test
  void the_registry_is_the_runnable_jar_of_its_folder() throws IOException {
    Path folder = Files.createDirectories(root.resolve("runners-config/services/target/registry"));
    assertThatThrownBy(() -> new ServicesHome(root).registryJar()).hasMessageContaining("-runner");
    Path jar = Files.createFile(folder.resolve("registry-1.0-runner.jar"));
    assertThat(new ServicesHome(root).registryJar()).isEqualTo(jar);
  }
}
