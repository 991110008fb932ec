package dev.millrace.transforms.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder of Avro schemas named {@code <id>.avsc}, for where there is no registry. Every worker
 * needs it at the same path.
 *
 * @param folder its path
 */
public record SchemaFolder(String folder) implements SchemaSource {

  public static SchemaFolder at(Path folder) {
    return new SchemaFolder(folder.toString());
  }

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.ID;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    if (!keeps(id.kind())) {
      return Optional.empty();
    }
    Path file = Path.of(folder, id.value() + ".avsc");
    try {
      return Optional.of(SchemaText.of(SchemaText.AVRO, Files.readString(file)));
    } catch (NoSuchFileException e) {
      // A folder that is gone, as an unmounted one, says nothing about its schemas.
      if (!Files.isDirectory(Path.of(folder))) {
        throw new SchemaSourceUnavailableException(id, describeMissing(), e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new SchemaSourceUnavailableException(
          id, "schema file %s cannot be read".formatted(file), e);
    }
  }

  @Override
  public void check() {
    if (!Files.isDirectory(Path.of(folder))) {
      throw new IllegalArgumentException(describeMissing());
    }
  }

  private String describeMissing() {
    return "schema folder '%s': found no such folder, expected one of files <id>.avsc"
        .formatted(folder);
  }
}
