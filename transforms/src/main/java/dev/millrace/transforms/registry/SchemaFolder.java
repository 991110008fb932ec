package dev.millrace.transforms.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder of schemas named {@code <id>.avsc}, {@code <id>.proto} or {@code <id>.json}, for where
 * there is no registry; the first of these that is there is taken. By its fingerprint an Avro
 * schema is found in any {@code .avsc} file, whatever its name; a file that is added is seen within
 * five seconds. Schemas stand alone in their files. Every worker needs the folder at the same path.
 *
 * @param folder its path
 */
public record SchemaFolder(String folder) implements SchemaSource {

  private record Ending(String ending, String type) {}

  private static final List<Ending> ENDINGS =
      List.of(
          new Ending(".avsc", SchemaText.AVRO),
          new Ending(".proto", SchemaText.PROTOBUF),
          new Ending(".json", SchemaText.JSON));

  public static SchemaFolder at(Path folder) {
    return new SchemaFolder(folder.toString());
  }

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.ID || kind == SchemaId.Kind.FINGERPRINT;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    if (!keeps(id.kind())) {
      return Optional.empty();
    }
    try {
      return id.kind() == SchemaId.Kind.ID ? named(id.value()) : Fingerprints.of(folder).find(id);
    } catch (IOException e) {
      throw new SchemaSourceUnavailableException(id, this + ": cannot be read", e);
    }
  }

  private Optional<SchemaText> named(String id) throws IOException {
    for (Ending each : ENDINGS) {
      try {
        String text = Files.readString(Path.of(folder, id + each.ending));
        return Optional.of(SchemaText.of(each.type, text));
      } catch (NoSuchFileException e) {
        // The next ending may be there.
      }
    }
    // A folder that is gone, as an unmounted one, says nothing about its schemas.
    if (!Files.isDirectory(Path.of(folder))) {
      throw new NoSuchFileException(folder);
    }
    return Optional.empty();
  }

  @Override
  public void check() {
    if (!Files.isDirectory(Path.of(folder))) {
      throw new IllegalArgumentException(
          this + ": found no such folder, expected one of files <id>.avsc, .proto or .json");
    }
  }

  @Override
  public String toString() {
    return "schema folder '" + folder + "'";
  }
}
