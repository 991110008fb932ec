package dev.millrace.transforms.history;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Gives each record its key; one without is a dead letter. */
final class KeyFn extends DoFn<Event, KV<byte[], HistoryInput>> {

  private final HistoryKey key;
  private final TupleTag<KV<byte[], HistoryInput>> keyed;
  private final TupleTag<DeadLetter> deadLetters;

  KeyFn(
      HistoryKey key, TupleTag<KV<byte[], HistoryInput>> keyed, TupleTag<DeadLetter> deadLetters) {
    this.key = key;
    this.keyed = keyed;
    this.deadLetters = deadLetters;
  }

  @ProcessElement
  public void key(@Element Event event, MultiOutputReceiver out) {
    if (key.isIn(event)) {
      out.get(keyed).output(KV.of(key.utf8(event), new HistoryInput(key.source(), event)));
    } else {
      out.get(deadLetters).output(key.missing(event));
    }
  }
}
