package dev.millrace.transforms.telemetry;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * A Beam counter that also counts for this JVM. The runner's metrics are what to trust and to alert
 * on; some runners show them only once a run has ended, and a launcher whose workers are in its own
 * JVM wants to show progress before.
 */
public final class StageCounter implements Serializable {

  private static final Map<String, LongAdder> IN_THIS_JVM = new ConcurrentHashMap<>();

  private final Counter counter;
  private final String name;

  // Found once: a look-up by name for every event would cost as much as the count.
  private transient @Nullable LongAdder inThisJvm;

  private StageCounter(String stage, String name) {
    this.counter = Metrics.counter(stage, name);
    this.name = name;
  }

  /** A counter of a stage, as {@code of("history", "duplicates")}. */
  public static StageCounter of(String stage, String name) {
    return new StageCounter(stage, name);
  }

  public void inc() {
    inc(1);
  }

  public void inc(long by) {
    counter.inc(by);
    LongAdder known = inThisJvm;
    if (known == null) {
      known = IN_THIS_JVM.computeIfAbsent(name, unseen -> new LongAdder());
      inThisJvm = known;
    }
    known.add(by);
  }

  /** What was counted in this JVM since it started, by name; empty where the workers are others. */
  public static Map<String, Long> inThisJvm() {
    Map<String, Long> counts = new TreeMap<>();
    IN_THIS_JVM.forEach((name, count) -> counts.put(name, count.sum()));
    return counts;
  }
}
