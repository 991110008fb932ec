package dev.millrace.transforms.decode;

import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;
import dev.millrace.transforms.registry.SchemaSourceUnavailableException;

/** Decodes one record at a time. Not thread-safe. */
public interface RecordDecoder {

  /**
   * The event of a record, whatever its bytes are.
   *
   * @throws UndecodableException when these bytes can never be decoded; no other exception stands
   *     for that
   * @throws SchemaSourceUnavailableException when they may well be decoded later
   */
  Event decode(RawRecord record) throws UndecodableException;
}
