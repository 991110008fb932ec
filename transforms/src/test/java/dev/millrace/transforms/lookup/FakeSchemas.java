package dev.millrace.transforms.lookup;

import dev.millrace.transforms.registry.SchemaId;
import dev.millrace.transforms.registry.SchemaSource;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;
import dev.millrace.transforms.registry.SchemaText;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;

/** A registry whose schemas and moods a test decides. */
final class FakeSchemas implements SchemaSource {

  private final Map<String, SchemaText> byId = new ConcurrentHashMap<>();
  volatile boolean away;

  /** How often it was asked while it was away. */
  final AtomicInteger refusals = new AtomicInteger();

  FakeSchemas with(int id, Schema schema) {
    return with(id, SchemaText.of(schema));
  }

  FakeSchemas with(int id, SchemaText schema) {
    byId.put(Integer.toString(id), schema);
    return this;
  }

  @Override
  public boolean keeps(SchemaId.Kind kind) {
    return kind != SchemaId.Kind.REVISION;
  }

  @Override
  public Optional<SchemaText> find(SchemaId id) {
    if (away) {
      refusals.incrementAndGet();
      throw new SchemaSourceUnavailableException(id, "fake registry: no answer", null);
    }
    return Optional.ofNullable(byId.get(id.value()));
  }

  @Override
  public void check() {
    if (away) {
      throw new IllegalArgumentException("fake registry: found no answer");
    }
  }

  @Override
  public String toString() {
    return "fake registry";
  }
}
