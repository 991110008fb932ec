package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.ingest.RawRecord;

/** Avro without a frame. */
final class PlainAvroDecoder implements RecordDecoder {

  private final int maxPayloadBytes;
  private final AvroRecordReader reader;
  private final EventDraft draft;
  private final AvroInput in = new AvroInput();

  PlainAvroDecoder(Contract contract, int maxPayloadBytes) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.draft = new EventDraft(contract);
    try {
      this.reader = new AvroRecordReader(contract, contract.schema());
    } catch (UndecodableException e) {
      throw new IllegalStateException("a contract can always be read as itself", e);
    }
  }

  @Override
  public Event decode(RawRecord record) throws UndecodableException {
    PayloadLimit.check(record.payload(), maxPayloadBytes);
    in.reset(record.payload(), 0);
    return decode(reader, in, draft, record);
  }

  /** Reads the record that {@code in} stands before, which must be the last in its payload. */
  static Event decode(AvroRecordReader reader, AvroInput in, EventDraft draft, RawRecord record)
      throws UndecodableException {
    draft.start();
    reader.read(in, draft);
    if (in.remaining() > 0) {
      throw new UndecodableException(
          Reason.MALFORMED,
          "payload: found %d bytes behind the record, expected none".formatted(in.remaining()));
    }
    return draft.finish(record.origin());
  }
}
