package dev.millrace.models;

import java.io.Serializable;

/**
 * Says which model to serve, and loads it where it is served.
 *
 * <p>A handler is small and serializable: it is made where the pipeline is assembled and loads on
 * the worker.
 *
 * <pre>{@code
 * try (Lease<float[], float[]> lease = SharedModels.acquire(handler)) {
 *   List<float[]> scores = lease.model().predict(rows);
 * }
 * }</pre>
 */
public interface ModelHandler<InT, OutT> extends Serializable {

  /**
   * Identifies the model that {@link #load} would give now: its place, version and checksum, and
   * everything of the handler's settings that changes what it predicts. Handlers with equal keys
   * share one loaded model in a JVM. Call it on the worker: it may read the model's files.
   *
   * @throws ModelException when there is no such model
   */
  String key();

  /**
   * Loads the model and checks that it is undamaged.
   *
   * @throws ModelException when the model is missing, damaged or not what the handler's settings
   *     expect
   */
  Model<InT, OutT> load();
}
