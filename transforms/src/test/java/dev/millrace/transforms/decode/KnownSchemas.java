package dev.millrace.transforms.decode;

import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Map;
import java.util.Optional;

/** A schema source in memory. */
record KnownSchemas(Map<Integer, String> byId) implements SchemaSource {

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.ID;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    return Optional.ofNullable(byId.get(Integer.valueOf(id.value())))
        .map(text -> SchemaText.of(SchemaText.AVRO, text));
  }

  @Override
  public void check() {}

  @Override
  public String toString() {
    return byId.keySet().toString();
  }
}
