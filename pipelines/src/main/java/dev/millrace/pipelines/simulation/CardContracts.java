package dev.millrace.pipelines.simulation;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** The Avro schemas that payments and reports are sent in. */
public record CardContracts(Schema transaction, Schema label) {

  /** Reads {@code transaction.avsc} and {@code label.avsc} of a folder. */
  public static CardContracts read(Path folder) throws IOException {
    return new CardContracts(
        schema(folder.resolve("transaction.avsc")), schema(folder.resolve("label.avsc")));
  }

  /** Reads one contract; a file that is no Avro record is an {@link IOException} that names it. */
  public static Schema schema(Path file) throws IOException {
    Schema schema;
    try {
      schema = new Schema.Parser().parse(file.toFile());
    } catch (AvroRuntimeException | NullPointerException failure) {
      // Avro 1.12 answers a name that it cannot resolve with a NullPointerException.
      throw new IOException(file + " is not an Avro schema: " + failure.getMessage(), failure);
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IOException(file + " must be an Avro record, but is a " + schema.getType());
    }
    return schema;
  }
}
