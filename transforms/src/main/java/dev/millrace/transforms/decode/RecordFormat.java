package dev.millrace.transforms.decode;

import dev.millrace.transforms.contract.Contract;
import java.io.Serializable;

/**
 * How payloads are written: an immutable description that travels to the workers. One of a schema
 * registry is equal to another of the same.
 */
public interface RecordFormat extends Serializable {

  /** What each payload is read as. */
  Contract contract();

  /** A decoder for one thread, made on the worker. */
  RecordDecoder open();

  /** Whether decoding may have to wait for a schema that is kept elsewhere. */
  default boolean asksForSchemas() {
    return false;
  }

  /**
   * Looks, before launch, whether what this format depends on can be reached.
   *
   * @throws IllegalArgumentException naming what cannot
   */
  default void check() {}
}
