package dev.millrace.transforms.ingest;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.BoundedTrie;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.metrics.StringSet;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a source counts of each record, and tells it to the runner once a batch: KafkaIO
 * updates five metrics for every record, which costs as much as decoding it. Not thread-safe.
 */
final class GatheredMetrics implements MetricsContainer {

  // Few, and a source gives the same name object each time; of distributions it makes names anew.
  private final List<Count> counts = new ArrayList<>();
  private final Map<MetricName, Values> distributions = new HashMap<>();
  private transient @Nullable MetricsContainer runners;

  /** What is counted on this thread until the result is closed is gathered. */
  Closeable begin() {
    runners = MetricsEnvironment.getCurrentContainer();
    return MetricsEnvironment.scopedMetricsContainer(runners == null ? null : this);
  }

  /** Tells all that was gathered. */
  void tell() {
    MetricsContainer to = runners;
    if (to != null) {
      counts.forEach(count -> count.tell(to));
      distributions.values().forEach(values -> values.tell(to));
    }
  }

  @Override
  public Counter getCounter(MetricName name) {
    for (Count count : counts) {
      if (count.name == name || count.name.equals(name)) {
        return count;
      }
    }
    counts.add(new Count(name));
    return counts.get(counts.size() - 1);
  }

  @Override
  public Distribution getDistribution(MetricName name) {
    return distributions.computeIfAbsent(name, Values::new);
  }

  @Override
  public Gauge getGauge(MetricName name) {
    return behind().getGauge(name);
  }

  @Override
  public StringSet getStringSet(MetricName name) {
    return behind().getStringSet(name);
  }

  @Override
  public BoundedTrie getBoundedTrie(MetricName name) {
    return behind().getBoundedTrie(name);
  }

  private MetricsContainer behind() {
    if (runners == null) {
      throw new IllegalStateException("nothing is gathered");
    }
    return runners;
  }

  private static final class Count implements Counter {
    private final MetricName name;
    private long count;

    Count(MetricName name) {
      this.name = name;
    }

    @Override
    public MetricName getName() {
      return name;
    }

    @Override
    public void inc() {
      count++;
    }

    @Override
    public void inc(long n) {
      count += n;
    }

    @Override
    public void dec() {
      count--;
    }

    @Override
    public void dec(long n) {
      count -= n;
    }

    void tell(MetricsContainer to) {
      if (count != 0) {
        to.getCounter(name).inc(count);
        count = 0;
      }
    }
  }

  private static final class Values implements Distribution {
    private final MetricName name;
    private long sum;
    private long count;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    Values(MetricName name) {
      this.name = name;
    }

    @Override
    public MetricName getName() {
      return name;
    }

    @Override
    public void update(long value) {
      update(value, 1, value, value);
    }

    @Override
    public void update(long sum, long count, long min, long max) {
      this.sum += sum;
      this.count += count;
      this.min = Math.min(this.min, min);
      this.max = Math.max(this.max, max);
    }

    void tell(MetricsContainer to) {
      if (count != 0) {
        to.getDistribution(name).update(sum, count, min, max);
        sum = 0;
        count = 0;
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
      }
    }
  }
}
