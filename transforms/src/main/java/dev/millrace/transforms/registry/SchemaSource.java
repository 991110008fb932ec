package dev.millrace.transforms.registry;

import java.io.Serializable;
import java.util.Optional;

/**
 * Where the schemas are kept that payloads were written with. An immutable description; whatever
 * connection it needs is made on the worker that asks. Thread-safe.
 */
public interface SchemaSource extends Serializable {

  /** Whether schemas are kept under ids of this kind here; of other kinds it finds none. */
  boolean keeps(SchemaId.Kind kind);

  /**
   * The schema of this id, or empty when the source answers that there is none.
   *
   * @throws SchemaSourceUnavailableException when it does not answer, carrying the id
   * @throws UnusableSchemaException when there is one that cannot be used
   */
  Optional<SchemaText> find(SchemaId id);

  /**
   * Looks, before launch, whether the source can be reached.
   *
   * @throws IllegalArgumentException naming it, what was found and what was expected
   */
  void check();
}
