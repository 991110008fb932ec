package dev.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionDirectoryTest {

  @TempDir Path root;

  private void versions(String... names) throws IOException {
    for (String name : names) {
      Files.createDirectories(root.resolve(name));
    }
  }

  @Test
  void versions_are_in_the_order_of_their_numbers() throws IOException {
    versions("9", "00000123", "10", "latest", ".publishing-11-x");
    Files.writeString(root.resolve("12"), "a file");
    assertThat(VersionDirectory.at(root).versions())
        .containsExactly(root.resolve("9"), root.resolve("10"), root.resolve("00000123"));
    assertThat(VersionDirectory.at(root).latest()).isEqualTo(root.resolve("00000123"));
    assertThat(VersionDirectory.at(root).version(123)).contains(root.resolve("00000123"));
    assertThat(VersionDirectory.at(root).nextVersion()).isEqualTo(124);
  }

  @Test
  void a_path_resolves_to_what_can_be_loaded() throws IOException {
    versions("1", "2");
    Files.writeString(root.resolve("1/saved_model.pb"), "");
    assertThat(VersionDirectory.resolve(root)).isEqualTo(root.resolve("2"));
    assertThat(VersionDirectory.resolve(root.resolve("1"))).isEqualTo(root.resolve("1"));

    Path bare = Files.createDirectories(root.resolve("bare"));
    Files.writeString(bare.resolve("saved_model.pb"), "");
    assertThat(VersionDirectory.resolve(bare)).isEqualTo(bare);
    assertThat(ModelVersion.at(bare).toString()).startsWith("bare/unversioned (");
    assertThat(ModelVersion.at(root.resolve("1")).toString())
        .startsWith(root.getFileName() + "/1 (");
  }

  @Test
  void a_folder_without_a_model_says_what_it_lacks() throws IOException {
    assertThatThrownBy(() -> VersionDirectory.resolve(root))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            root
                + ": found no version, expected a saved_model.pb, or a subfolder named by a version number");
    assertThatThrownBy(() -> VersionDirectory.resolve(root.resolve("absent")))
        .hasMessage(root.resolve("absent") + ": found no such folder, expected a model's folder");
  }

  @Test
  void a_version_appears_whole() throws IOException {
    Path folder =
        VersionDirectory.at(root.resolve("model"))
            .publish(
                7,
                temporary -> {
                  Files.createDirectories(temporary.resolve("variables"));
                  Files.writeString(temporary.resolve("variables/data"), "weights");
                  assertThat(VersionDirectory.at(root.resolve("model")).versions()).isEmpty();
                });
    assertThat(folder).isEqualTo(root.resolve("model/7"));
    assertThat(folder.resolve("variables/data")).hasContent("weights");
    assertThat(names(root.resolve("model"))).containsExactly("7");
  }

  @Test
  void a_version_that_cannot_be_written_leaves_nothing_behind() throws IOException {
    VersionDirectory directory = VersionDirectory.at(root);
    assertThatThrownBy(
            () ->
                directory.publish(
                    1,
                    folder -> {
                      Files.writeString(folder.resolve("half"), "");
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(root.resolve("1").toString())
        .hasMessageContaining("disk full");
    assertThat(names(root)).isEmpty();
  }

  @Test
  void a_version_is_never_replaced() throws IOException {
    versions("007");
    assertThatThrownBy(() -> VersionDirectory.at(root).publish(7, folder -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("found version 7, expected a version that is not there yet");
    assertThat(names(root)).containsExactly("007");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).toList();
    }
  }
}
