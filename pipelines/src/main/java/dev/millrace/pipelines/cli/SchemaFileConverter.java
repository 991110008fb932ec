package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.schema.SchemaFile;
import dev.millrace.transforms.registry.SchemaText;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the schema file that an option names. */
final class SchemaFileConverter implements ITypeConverter<SchemaText> {

  SchemaFileConverter() {}

  @Override
  public SchemaText convert(String file) {
    try {
      return SchemaFile.read(Path.of(file));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
