package dev.millrace.pipelines.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("config.yaml");
  }

  @Test
  void nested_and_flat_names_are_the_same() throws IOException {
    Files.writeString(file, "a:\n  b: 1\n  c.d: true\ne.f: 1 ms\ng: [x, y]\nh:\n");
    assertThat(SettingsFile.read(file))
        .isEqualTo(Map.of("a.b", "1", "a.c.d", "true", "e.f", "1 ms", "g", "x;y"));
  }

  @Test
  void what_is_written_is_read_again() throws IOException {
    Map<String, String> settings = Map.of("a.b", "1 ms", "c", "x: 'y', \"z\"", "d", "0.40");
    SettingsFile.write(settings, file);
    assertThat(SettingsFile.read(file)).isEqualTo(settings);
  }

  @Test
  void an_empty_file_has_no_settings() throws IOException {
    Files.writeString(file, "# nothing\n");
    assertThat(SettingsFile.read(file)).isEmpty();
  }

  @Test
  void what_is_no_map_is_refused_with_its_place() throws IOException {
    Files.writeString(file, "just words");
    assertThatThrownBy(() -> SettingsFile.read(file))
        .hasMessage(file + ": found no map, expected settings as in a config.yaml");
    assertThatThrownBy(() -> SettingsFile.read(folder.resolve("none.yaml")))
        .hasMessageContaining("none.yaml: found no readable file");
  }
}
