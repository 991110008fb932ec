package dev.millrace.pipelines.schema;

import dev.millrace.transforms.contract.JsonSchema;
import dev.millrace.transforms.registry.SchemaText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Schemas out of files, whose ending says the language. */
public final class SchemaFile {

  private SchemaFile() {}

  /**
   * The schema in a file.
   *
   * @throws IllegalArgumentException naming the file, what was found and what was expected
   */
  public static SchemaText read(Path file) {
    try {
      SchemaText schema = SchemaText.of(language(file), Files.readString(file));
      check(schema);
      return schema;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "schema '%s': found no such file, expected one".formatted(file), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "schema '%s': found what cannot be read (%s), expected text"
              .formatted(file, e.getMessage()),
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("schema '%s': %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void check(SchemaText schema) {
    if (schema.type().equals(SchemaText.AVRO)) {
      AvroFields.parse(schema);
    } else if (schema.type().equals(SchemaText.JSON)) {
      JsonSchema.parse(schema);
    }
  }

  private static String language(Path file) {
    String name = file.toString();
    if (name.endsWith(".avsc")) {
      return SchemaText.AVRO;
    }
    if (name.endsWith(".proto")) {
      return SchemaText.PROTOBUF;
    }
    if (name.endsWith(".json")) {
      return SchemaText.JSON;
    }
    throw new IllegalArgumentException("found another ending, expected .avsc, .proto or .json");
  }
}
