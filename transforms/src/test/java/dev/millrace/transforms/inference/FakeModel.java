package dev.millrace.transforms.inference;

import dev.millrace.models.Model;
import dev.millrace.models.ModelHandler;
import dev.millrace.models.ModelVersion;
import dev.millrace.models.PredictionException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Answers with the double of a row's first value; one negative row fails its whole batch. */
final class FakeModel implements ModelHandler<float[], float[]> {

  static final Queue<Integer> BATCHES = new ConcurrentLinkedQueue<>();

  private static final long serialVersionUID = 1;

  @Override
  public String key() {
    return "fake";
  }

  @Override
  public Model<float[], float[]> load() {
    return new Model<>() {
      @Override
      public ModelVersion version() {
        return new ModelVersion("fake", "7", "none");
      }

      @Override
      public List<float[]> predict(List<float[]> batch) {
        BATCHES.add(batch.size());
        if (batch.stream().anyMatch(row -> row[0] < 0)) {
          throw new PredictionException("found a negative row, expected none");
        }
        return batch.stream().map(row -> new float[] {2 * row[0]}).toList();
      }

      @Override
      public void close() {}
    };
  }
}
