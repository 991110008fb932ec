package dev.millrace.transforms.decode;

import java.io.Serializable;
import java.util.Optional;

/**
 * Where the schemas are kept that payloads were written with. An immutable description; whatever
 * connection it needs is made on the worker that asks. Thread-safe.
 */
public interface SchemaSource extends Serializable {

  /**
   * A schema as it is kept.
   *
   * @param type {@code AVRO}, or what else the source names it
   * @param text the schema itself
   */
  record Stored(String type, String text) {}

  /**
   * The schema of this id, or empty when the source answers that there is none.
   *
   * @throws SchemaSourceUnavailableException when it does not answer
   */
  Optional<Stored> find(int id);

  /**
   * Looks, before launch, whether the source can be reached.
   *
   * @throws IllegalArgumentException naming it, what was found and what was expected
   */
  void check();
}
