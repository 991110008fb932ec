package dev.millrace.transforms.decode;

import java.util.Map;
import java.util.Optional;

/** A schema source in memory. */
record KnownSchemas(Map<Integer, String> byId) implements SchemaSource {

  @Override
  public Optional<Stored> find(int id) {
    return Optional.ofNullable(byId.get(id)).map(text -> new Stored("AVRO", text));
  }

  @Override
  public void check() {}

  @Override
  public String toString() {
    return byId.keySet().toString();
  }
}
