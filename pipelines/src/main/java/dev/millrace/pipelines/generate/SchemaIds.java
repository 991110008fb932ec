package dev.millrace.pipelines.generate;

import dev.millrace.pipelines.assembly.Schemas;
import dev.millrace.pipelines.spec.RegistrySpec;
import dev.millrace.transforms.registry.ConfluentRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.avro.Schema;

/** Gives schemas the ids by which a pipeline will look them up. */
interface SchemaIds {

  /** The schema's id, which it gets now if it had none. */
  int id(String subject, Schema schema) throws IOException;

  /** By a registry, or a folder of files {@code <id>.avsc}. */
  static SchemaIds of(RegistrySpec spec) {
    return Schemas.of(spec) instanceof ConfluentRegistry registry
        ? registry.withPatience(Duration.ofSeconds(10))::register
        : (subject, schema) -> inFolder(Path.of(spec.url()), schema);
  }

  private static int inFolder(Path folder, Schema schema) throws IOException {
    Files.createDirectories(folder);
    int id = 1;
    Path file = folder.resolve(id + ".avsc");
    while (Files.exists(file)) {
      if (schema.equals(new Schema.Parser().parse(Files.readString(file)))) {
        return id;
      }
      file = folder.resolve(++id + ".avsc");
    }
    Files.writeString(file, schema.toString());
    return id;
  }
}
