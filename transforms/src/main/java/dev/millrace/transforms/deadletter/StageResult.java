package dev.millrace.transforms.deadletter;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What a stage returns: what it handled, and what it could not. */
public final class StageResult<T> implements POutput {

  private final PCollection<T> output;
  private final PCollection<DeadLetter> deadLetters;
  private final TupleTag<T> outputTag;
  private final TupleTag<DeadLetter> deadLetterTag;

  private StageResult(
      PCollectionTuple both, TupleTag<T> outputTag, TupleTag<DeadLetter> deadLetterTag) {
    this.output = both.get(outputTag);
    this.deadLetters = both.get(deadLetterTag);
    this.outputTag = outputTag;
    this.deadLetterTag = deadLetterTag;
  }

  /** The two outputs of a step; the main one is encoded by {@code coder}. */
  public static <T> StageResult<T> of(
      PCollectionTuple both,
      TupleTag<T> outputTag,
      TupleTag<DeadLetter> deadLetterTag,
      Coder<T> coder) {
    StageResult<T> result = new StageResult<>(both, outputTag, deadLetterTag);
    result.output.setCoder(coder);
    result.deadLetters.setCoder(DeadLetterCoder.of());
    return result;
  }

  public PCollection<T> output() {
    return output;
  }

  public PCollection<DeadLetter> deadLetters() {
    return deadLetters;
  }

  @Override
  public Pipeline getPipeline() {
    return output.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(outputTag, output, deadLetterTag, deadLetters);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
