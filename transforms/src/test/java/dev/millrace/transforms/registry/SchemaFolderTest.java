package dev.millrace.transforms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaFolderTest {

  @Test
  void schema_is_the_file_of_its_id(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("7.avsc"), "\"string\"");
    SchemaFolder schemas = SchemaFolder.at(folder);
    schemas.check();
    assertThat(schemas.find(SchemaId.of(7))).contains(SchemaText.of("AVRO", "\"string\""));
    assertThat(schemas.find(SchemaId.of(8))).isEmpty();
  }

  @Test
  void folder_that_is_gone_is_trouble_and_not_an_answer(@TempDir Path folder) {
    SchemaFolder schemas = SchemaFolder.at(folder.resolve("gone"));
    assertThatThrownBy(() -> schemas.find(SchemaId.of(7)))
        .isInstanceOf(SchemaSourceUnavailableException.class);
    assertThatThrownBy(schemas::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no such folder");
  }
}
