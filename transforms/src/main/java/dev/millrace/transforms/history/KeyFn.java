package dev.millrace.transforms.history;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.Reason;
import dev.millrace.transforms.deadletter.Stage;
import dev.millrace.transforms.event.Column;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.history.Feature.Source;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Keys a record by the text of a column; one without a value is a dead letter. */
final class KeyFn extends DoFn<Event, KV<byte[], HistoryInput>> {

  private final Column key;
  private final Source source;
  private final TupleTag<KV<byte[], HistoryInput>> keyed;
  private final TupleTag<DeadLetter> deadLetters;

  KeyFn(
      Column key,
      Source source,
      TupleTag<KV<byte[], HistoryInput>> keyed,
      TupleTag<DeadLetter> deadLetters) {
    this.key = key;
    this.source = source;
    this.keyed = keyed;
    this.deadLetters = deadLetters;
  }

  @ProcessElement
  public void key(@Element Event event, MultiOutputReceiver out) {
    if (key.isNull(event)) {
      String message = "%s: found null, expected the key of a history".formatted(key.name());
      out.get(deadLetters)
          .output(DeadLetter.failed(Stage.HISTORY, event, Reason.INVALID, message, null));
    } else {
      out.get(keyed).output(KV.of(key.utf8(event), new HistoryInput(source, event)));
    }
  }
}
