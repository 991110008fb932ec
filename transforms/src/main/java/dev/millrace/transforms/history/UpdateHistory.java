package dev.millrace.transforms.history;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The keyed part of {@link History}: by Beam's own state and timers, as it is expanded here, or by
 * an operator that a runner has in its place, with the same {@link #work}.
 */
public final class UpdateHistory
    extends PTransform<PCollection<KV<byte[], HistoryInput>>, PCollectionTuple> {

  private static final long serialVersionUID = 1;

  private final KeyedWork work;
  private final boolean arrivalOrder;
  private final TupleTag<Event> output;
  private final TupleTag<DeadLetter> deadLetters;

  /**
   * @param arrivalOrder whether a bounded input is processed in the order in which it comes
   */
  UpdateHistory(
      KeyedWork work,
      boolean arrivalOrder,
      TupleTag<Event> output,
      TupleTag<DeadLetter> deadLetters) {
    this.work = work;
    this.arrivalOrder = arrivalOrder;
    this.output = output;
    this.deadLetters = deadLetters;
  }

  /** What is done for each record. */
  public KeyedWork work() {
    return work;
  }

  public TupleTag<Event> output() {
    return output;
  }

  public TupleTag<DeadLetter> deadLetters() {
    return deadLetters;
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<byte[], HistoryInput>> inputs) {
    return inputs.apply(
        "By key",
        ParDo.of(function(inputs.isBounded()))
            .withOutputTags(output, TupleTagList.of(deadLetters)));
  }

  private HistoryFn function(IsBounded bounded) {
    if (bounded == IsBounded.UNBOUNDED) {
      return new HistoryFn.Expiring(work, output, deadLetters);
    }
    return arrivalOrder
        ? new HistoryFn.Arriving(work, output, deadLetters)
        : new HistoryFn.TimeSorted(work, output, deadLetters);
  }
}
