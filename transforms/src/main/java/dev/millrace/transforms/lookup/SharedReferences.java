package dev.millrace.transforms.lookup;

import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One open reference per source and JVM, however many threads look things up in it.
 *
 * <p>It is closed some time after the last of them let go of it: a failed bundle is begun again
 * within seconds, and Spark tears functions down at the end of each key; neither is to read a whole
 * table anew.
 */
final class SharedReferences {

  private static final int LINGER_SECONDS = 30;

  private static final Map<Wanted, Shared> OPEN = new HashMap<>();
  private static final ScheduledThreadPoolExecutor CLOSER = closer();

  private SharedReferences() {}

  /** What makes two lookups share a reference. */
  record Wanted(ReferenceSource source, LookupColumns columns, AskingRules rules)
      implements Serializable {}

  /** The use of a reference until it is closed. */
  static final class Lease implements AutoCloseable {
    private final Wanted wanted;
    private @Nullable Shared shared;

    private Lease(Wanted wanted, Shared shared) {
      this.wanted = wanted;
      this.shared = shared;
    }

    Reference reference() {
      if (shared == null) {
        throw new IllegalStateException("the lease of " + wanted.source.name() + " is closed");
      }
      return shared.reference;
    }

    @Override
    public void close() {
      if (shared != null) {
        release(wanted, shared, true);
        shared = null;
      }
    }
  }

  /**
   * Leases a reference, and waits until it can be used.
   *
   * @throws IOException when it cannot be in time; it is opened anew for the next who wants it
   */
  static Lease acquire(Wanted wanted) throws IOException {
    Shared shared;
    synchronized (OPEN) {
      shared = OPEN.computeIfAbsent(wanted, it -> new Shared(it.source.open(it.columns, it.rules)));
      shared.holders++;
    }
    boolean usable = false;
    try {
      shared.reference.await();
      usable = true;
    } finally {
      if (!usable) {
        release(wanted, shared, false);
      }
    }
    return new Lease(wanted, shared);
  }

  private static void release(Wanted wanted, Shared shared, boolean usable) {
    synchronized (OPEN) {
      shared.holders--;
      if (!usable) {
        OPEN.remove(wanted, shared);
      }
      if (shared.holders > 0) {
        return;
      }
    }
    if (usable) {
      var unused =
          CLOSER.schedule(() -> closeUnused(wanted, shared), LINGER_SECONDS, TimeUnit.SECONDS);
    } else {
      shared.reference.close();
    }
  }

  private static void closeUnused(Wanted wanted, Shared shared) {
    synchronized (OPEN) {
      if (shared.holders > 0 || !OPEN.remove(wanted, shared)) {
        return;
      }
    }
    shared.reference.close();
  }

  private static ScheduledThreadPoolExecutor closer() {
    ScheduledThreadPoolExecutor closer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "closes unused references");
              thread.setDaemon(true);
              return thread;
            });
    // Nobody is to keep a job's classes once its last reference is closed.
    closer.setKeepAliveTime(1, TimeUnit.SECONDS);
    closer.allowCoreThreadTimeOut(true);
    return closer;
  }

  /** The number of those who hold it or wait for it is guarded by the map. */
  private static final class Shared {
    private final Reference reference;
    private int holders;

    Shared(Reference reference) {
      this.reference = reference;
    }
  }
}
