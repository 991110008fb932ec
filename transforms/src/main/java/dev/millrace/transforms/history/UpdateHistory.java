package dev.millrace.transforms.history;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.deadletter.DeadLetterCoder;
import dev.millrace.transforms.event.Event;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.history.Feature.Source;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The way to a key's task, and what is done there: by Beam's own shuffle, state and timers, as it
 * is expanded here, or by operators that a runner has in its place, with the same {@link #work}.
 */
public final class UpdateHistory extends PTransform<PCollectionTuple, PCollectionTuple> {

  private static final long serialVersionUID = 1;

  static final TupleTag<Event> OUTPUT = new TupleTag<>("output") {};
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};
  private static final TupleTag<KV<byte[], HistoryInput>> KEYED = new TupleTag<>("keyed") {};

  /**
   * One of the collections that it is applied to.
   *
   * @param name as a step of it is called
   */
  public record Input(String name, TupleTag<Event> tag, HistoryKey key, EventLayout layout)
      implements Serializable {
    Input(String name, Source source, String key, EventLayout layout) {
      this(name, new TupleTag<Event>(name) {}, new HistoryKey(layout.column(key), source), layout);
    }
  }

  private final List<Input> inputs;
  private final KeyedWork work;
  private final boolean arrivalOrder;

  /**
   * @param arrivalOrder whether a bounded input is processed in the order in which it comes
   */
  UpdateHistory(List<Input> inputs, KeyedWork work, boolean arrivalOrder) {
    this.inputs = List.copyOf(inputs);
    this.work = work;
    this.arrivalOrder = arrivalOrder;
  }

  /** What it is applied to. */
  public List<Input> inputs() {
    return inputs;
  }

  /** What is done for each record. */
  public KeyedWork work() {
    return work;
  }

  public TupleTag<Event> output() {
    return OUTPUT;
  }

  public TupleTag<DeadLetter> deadLetters() {
    return DEAD_LETTERS;
  }

  @Override
  public PCollectionTuple expand(PCollectionTuple records) {
    KvCoder<byte[], HistoryInput> coder =
        KvCoder.of(
            ByteArrayCoder.of(),
            HistoryInput.Coder.of(work.settings().events(), work.settings().labels()));
    PCollectionList<KV<byte[], HistoryInput>> ways = PCollectionList.empty(records.getPipeline());
    PCollectionList<DeadLetter> letters = PCollectionList.empty(records.getPipeline());
    for (Input input : inputs) {
      PCollectionTuple keyed =
          records
              .get(input.tag)
              .apply(
                  "Key " + input.name,
                  ParDo.of(new KeyFn(input.key, KEYED, DEAD_LETTERS))
                      .withOutputTags(KEYED, TupleTagList.of(DEAD_LETTERS)));
      ways = ways.and(keyed.get(KEYED).setCoder(coder));
      letters = letters.and(keyed.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
    }
    PCollection<KV<byte[], HistoryInput>> all =
        ways.size() == 1 ? ways.get(0) : ways.apply("All inputs", Flatten.pCollections());
    PCollectionTuple updated =
        all.apply(
            "By key",
            ParDo.of(function(all.isBounded()))
                .withOutputTags(OUTPUT, TupleTagList.of(DEAD_LETTERS)));
    return PCollectionTuple.of(OUTPUT, updated.get(OUTPUT))
        .and(
            DEAD_LETTERS,
            letters
                .and(updated.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()))
                .apply("Dead letters", Flatten.pCollections()));
  }

  private HistoryFn function(IsBounded bounded) {
    if (bounded == IsBounded.UNBOUNDED) {
      return new HistoryFn.Expiring(work, OUTPUT, DEAD_LETTERS);
    }
    return arrivalOrder
        ? new HistoryFn.Arriving(work, OUTPUT, DEAD_LETTERS)
        : new HistoryFn.TimeSorted(work, OUTPUT, DEAD_LETTERS);
  }
}
