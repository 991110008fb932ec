package dev.millrace.benchmark.decode;

import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Optional;

/** A registry that knows one schema: the older one that wrote the payloads. */
record OlderWriter(String schema) implements SchemaSource {

  static final int ID = 1;

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.ID;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    return id.equals(SchemaId.of(ID))
        ? Optional.of(SchemaText.of(SchemaText.AVRO, schema))
        : Optional.empty();
  }

  @Override
  public void check() {}
}
