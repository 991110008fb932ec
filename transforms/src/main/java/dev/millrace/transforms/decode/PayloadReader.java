package dev.millrace.transforms.decode;

import dev.millrace.transforms.registry.SchemaText;

/** Reads payloads that one schema wrote. Not thread-safe. */
interface PayloadReader {

  /**
   * Sets in {@code draft}, which was started, all that the payload holds from {@code from} to its
   * end, and the default of all that it lacks.
   */
  void read(byte[] payload, int from, EventDraft draft) throws UndecodableException;

  /** Makes the readers of one format. */
  interface Factory {

    /** Of payloads that say nothing about their schema: the contract is taken to be it. */
    PayloadReader ofContract(EventDraft draft);

    /**
     * Of payloads that this schema wrote.
     *
     * @throws UndecodableException when the contract cannot be read from any of them
     */
    PayloadReader of(SchemaText writer, EventDraft draft) throws UndecodableException;
  }
}
