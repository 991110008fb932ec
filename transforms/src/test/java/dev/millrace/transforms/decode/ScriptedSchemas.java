package dev.millrace.transforms.decode;

import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source of schemas that is away for the first {@code away} questions about the id {@code
 * unknown}, and for none about others. The count is kept by name, for the pipeline copies it.
 */
record ScriptedSchemas(String name, Map<Integer, String> byId, int unknown, int away)
    implements SchemaSource {

  private static final Map<String, AtomicInteger> ASKED = new ConcurrentHashMap<>();

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind == SchemaId.Kind.ID;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    int number = Integer.parseInt(id.value());
    AtomicInteger asked = ASKED.computeIfAbsent(name, unseen -> new AtomicInteger());
    if (number == unknown && asked.incrementAndGet() <= away) {
      throw new SchemaSourceUnavailableException(id, name + " is away", null);
    }
    return Optional.ofNullable(byId.get(number)).map(text -> SchemaText.of(SchemaText.AVRO, text));
  }

  @Override
  public void check() {}

  @Override
  public String toString() {
    return name;
  }
}
