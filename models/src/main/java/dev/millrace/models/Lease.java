package dev.millrace.models;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The use of a shared model until it is closed. Closing it twice is harmless; using the model after
 * closing it is not allowed.
 */
public final class Lease<InT, OutT> implements AutoCloseable {

  private final Model<InT, OutT> model;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(Model<InT, OutT> model, Runnable release) {
    this.model = model;
    this.release = release;
  }

  /**
   * The model, loaded.
   *
   * @throws IllegalStateException when this lease is closed
   */
  public Model<InT, OutT> model() {
    if (closed.get()) {
      throw new IllegalStateException("the lease of model " + model.version() + " is closed");
    }
    return model;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
