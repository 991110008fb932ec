package dev.millrace.models;

import java.util.List;

/** A loaded model. Safe for use by several threads at once. */
public interface Model<InT, OutT> extends AutoCloseable {

  /** Which model this is, for every prediction to carry. */
  ModelVersion version();

  /**
   * Predicts a whole batch: as many outputs as inputs, in the same order. An empty batch gives an
   * empty list.
   *
   * @throws PredictionException when an element is not what the model takes, or when the model
   *     fails; no output is given then, and the model can be used on
   */
  List<OutT> predict(List<InT> batch);

  /** Releases native memory. No prediction may be under way; {@link SharedModels} sees to that. */
  @Override
  void close();
}
