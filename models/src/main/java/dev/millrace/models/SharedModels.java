package dev.millrace.models;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One loaded model per key and JVM, however many threads serve it.
 *
 * <p>The first lease of a key loads the model, the last one to be closed closes it. Leases of other
 * keys are not held up by a load; those of the same key wait for it. A load that fails is
 * forgotten, so that the next lease tries again.
 */
public final class SharedModels {

  private static final Map<String, Shared> MODELS = new HashMap<>();

  private SharedModels() {}

  /**
   * Leases the handler's model, and loads it when nobody holds it yet.
   *
   * @throws ModelException when it cannot be loaded
   */
  public static <InT, OutT> Lease<InT, OutT> acquire(ModelHandler<InT, OutT> handler) {
    String key = handler.key();
    Shared shared = enter(key);
    Model<InT, OutT> model;
    try {
      model = shared.model(handler);
    } catch (RuntimeException | Error e) {
      leave(key, shared);
      throw e;
    }
    return new Lease<>(model, () -> leave(key, shared));
  }

  private static Shared enter(String key) {
    synchronized (MODELS) {
      Shared shared = MODELS.computeIfAbsent(key, k -> new Shared());
      shared.holders++;
      return shared;
    }
  }

  private static void leave(String key, Shared shared) {
    synchronized (MODELS) {
      shared.holders--;
      if (shared.holders > 0) {
        return;
      }
      MODELS.remove(key);
    }
    shared.close();
  }

  /**
   * A model and the number of those who hold it or wait for it; the number is guarded by the map.
   */
  private static final class Shared {
    private int holders;
    private @Nullable Model<?, ?> model;

    // Equal keys mean equal handlers, hence equal types: that is what key() promises.
    @SuppressWarnings("unchecked")
    synchronized <InT, OutT> Model<InT, OutT> model(ModelHandler<InT, OutT> handler) {
      Model<?, ?> loaded = model;
      if (loaded == null) {
        loaded = handler.load();
        model = loaded;
      }
      return (Model<InT, OutT>) loaded;
    }

    synchronized void close() {
      if (model != null) {
        model.close();
      }
    }
  }
}
