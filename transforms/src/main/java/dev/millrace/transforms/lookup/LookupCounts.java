package dev.millrace.transforms.lookup;

import dev.millrace.transforms.lookup.Answer.Absent;
import dev.millrace.transforms.telemetry.StageCounter;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/** Counts what became of lookups; tells it once a bundle, for that costs more than a lookup. */
final class LookupCounts implements Serializable {

  private final StageCounter found = StageCounter.of("lookup", "found");
  private final StageCounter missing = StageCounter.of("lookup", "missing");
  private final StageCounter invalid = StageCounter.of("lookup", "invalid");
  private final StageCounter fallbacks = StageCounter.of("lookup", "fallbacks");
  private final Gauge records;
  private final Gauge staleSeconds;
  private final Gauge refused;
  private transient long foundUntold;
  private transient long missingUntold;
  private transient long invalidUntold;
  private transient long fallbacksUntold;

  /**
   * Of one lookup.
   *
   * @param table what the gauges of its table are named by: no other lookup's of a pipeline
   */
  LookupCounts(String table) {
    this.records = Metrics.gauge("lookup", table + ".records");
    this.staleSeconds = Metrics.gauge("lookup", table + ".staleSeconds");
    this.refused = Metrics.gauge("lookup", table + ".refused");
  }

  void count(Answer answer) {
    if (answer instanceof Answer.Found) {
      foundUntold++;
    } else if (answer == Absent.MISSING) {
      missingUntold++;
    } else if (answer == Absent.UNAVAILABLE) {
      fallbacksUntold++;
    } else {
      invalidUntold++;
    }
  }

  /**
   * Within a bundle.
   *
   * @param table null where it is none
   */
  void tell(@Nullable TableState table) {
    tell(found, foundUntold);
    tell(missing, missingUntold);
    tell(invalid, invalidUntold);
    tell(fallbacks, fallbacksUntold);
    foundUntold = 0;
    missingUntold = 0;
    invalidUntold = 0;
    fallbacksUntold = 0;
    if (table != null) {
      records.set(table.records());
      staleSeconds.set(table.staleSeconds());
      refused.set(table.refused());
    }
  }

  private static void tell(StageCounter counter, long by) {
    if (by > 0) {
      counter.inc(by);
    }
  }
}
