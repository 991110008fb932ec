package dev.millrace.transforms.decode;

import dev.millrace.transforms.deadletter.DeadLetter;
import dev.millrace.transforms.event.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Decode#apart} returns: the events that had to wait for a schema are by themselves.
 */
public final class Decoded implements POutput {

  private static final TupleTag<Event> AT_ONCE = new TupleTag<>() {};
  private static final TupleTag<Event> DELAYED = new TupleTag<>() {};
  private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>() {};

  private final PCollection<Event> atOnce;
  private final @Nullable PCollection<Event> delayed;
  private final PCollection<DeadLetter> deadLetters;

  Decoded(
      PCollection<Event> atOnce,
      @Nullable PCollection<Event> delayed,
      PCollection<DeadLetter> deadLetters) {
    this.atOnce = atOnce;
    this.delayed = delayed;
    this.deadLetters = deadLetters;
  }

  /** Events whose schemas were known when they came. */
  public PCollection<Event> atOnce() {
    return atOnce;
  }

  /** Events that waited; none where nothing can. */
  public Optional<PCollection<Event>> delayed() {
    return Optional.ofNullable(delayed);
  }

  public PCollection<DeadLetter> deadLetters() {
    return deadLetters;
  }

  @Override
  public Pipeline getPipeline() {
    return atOnce.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    Map<TupleTag<?>, PValue> all =
        new HashMap<>(Map.of(AT_ONCE, atOnce, DEAD_LETTERS, deadLetters));
    delayed().ifPresent(events -> all.put(DELAYED, events));
    return all;
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
