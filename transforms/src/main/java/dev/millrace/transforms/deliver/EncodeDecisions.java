package dev.millrace.transforms.deliver;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.step.RejectedEvent;
import dev.millrace.transforms.transport.OutgoingRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Emits the record of each decision, and the dead letters of those that have none. */
final class EncodeDecisions extends DoFn<Event, KV<byte[], byte[]>> {

  private final DecisionRecords decisions;
  private final TupleTag<DeadLetter> deadLetters;

  EncodeDecisions(DecisionRecords decisions, TupleTag<DeadLetter> deadLetters) {
    this.decisions = decisions;
    this.deadLetters = deadLetters;
  }

  @ProcessElement
  public void encode(
      @Element Event event, OutputReceiver<KV<byte[], byte[]>> records, ProcessContext context) {
    OutgoingRecord record;
    try {
      record = decisions.of(event);
    } catch (RejectedEvent e) {
      context.output(deadLetters, e.deadLetter());
      return;
    }
    records.output(KV.of(record.key(), record.value()));
  }
}
