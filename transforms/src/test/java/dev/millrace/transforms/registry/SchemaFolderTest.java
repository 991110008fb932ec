package dev.millrace.transforms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaFolderTest {

  private static SchemaId fingerprint(String schema) {
    return SchemaId.fingerprint(
        SchemaNormalization.parsingFingerprint64(new Schema.Parser().parse(schema)));
  }

  @Test
  void schema_is_the_file_of_its_id_and_its_ending_tells_the_type(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("7.avsc"), "\"string\"");
    Files.writeString(folder.resolve("8.proto"), "message M {}");
    Files.writeString(folder.resolve("9.json"), "{}");
    SchemaFolder schemas = SchemaFolder.at(folder);
    schemas.check();
    assertThat(schemas.find(SchemaId.of(7))).contains(SchemaText.of("AVRO", "\"string\""));
    assertThat(schemas.find(SchemaId.of(8))).contains(SchemaText.of("PROTOBUF", "message M {}"));
    assertThat(schemas.find(SchemaId.of(9))).contains(SchemaText.of("JSON", "{}"));
    assertThat(schemas.find(SchemaId.of(10))).isEmpty();
    assertThat(schemas.find(SchemaId.globalId(7))).isEmpty();
  }

  @Test
  void schema_of_a_fingerprint_is_found_whatever_its_file_is_called(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("a.avsc"), "\"string\"");
    Files.writeString(folder.resolve("half-written.avsc"), "{\"type\":");
    AtomicLong nanos = new AtomicLong();
    Fingerprints fingerprints = new Fingerprints(folder, nanos::get);
    assertThat(fingerprints.find(fingerprint("\"string\"")))
        .contains(SchemaText.of("AVRO", "\"string\""));
    assertThat(SchemaFolder.at(folder).find(fingerprint("\"string\""))).isPresent();

    Files.writeString(folder.resolve("b.avsc"), "\"long\"");
    nanos.set(5_000_000_000L);
    assertThat(fingerprints.find(fingerprint("\"long\""))).isEmpty();
    nanos.incrementAndGet();
    assertThat(fingerprints.find(fingerprint("\"long\""))).isPresent();
  }

  @Test
  void folder_that_is_gone_is_trouble_and_not_an_answer(@TempDir Path folder) {
    SchemaFolder schemas = SchemaFolder.at(folder.resolve("gone"));
    assertThatThrownBy(() -> schemas.find(SchemaId.of(7)))
        .isInstanceOf(SchemaSourceUnavailableException.class);
    assertThatThrownBy(() -> schemas.find(SchemaId.fingerprint(7)))
        .isInstanceOf(SchemaSourceUnavailableException.class);
    assertThatThrownBy(schemas::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no such folder");
  }

  @Test
  void ids_are_told_in_words_and_hold_no_path() {
    assertThat(SchemaId.of(7)).hasToString("schema id 7");
    assertThat(SchemaId.globalId(7)).hasToString("schema global id 7");
    assertThat(SchemaId.fingerprint(-2)).hasToString("schema fingerprint fffffffffffffffe");
    for (String name : new String[] {"../x", "projects/../schemas/s@1", "projects/p/schemas/s"}) {
      assertThatThrownBy(() -> SchemaId.revision(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("schema revision: found ");
    }
    assertThatThrownBy(() -> new SchemaId(SchemaId.Kind.ID, "../7"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
