package dev.millrace.benchmark.decode;

import dev.millrace.transforms.decode.SchemaSource;
import java.util.Optional;

/** A registry in memory that knows one schema, that of the older writer. */
record OlderWriter(String schema) implements SchemaSource {

  static final int ID = 1;

  @Override
  public Optional<Stored> find(int id) {
    return id == ID ? Optional.of(new Stored("AVRO", schema)) : Optional.empty();
  }

  @Override
  public void check() {}
}
