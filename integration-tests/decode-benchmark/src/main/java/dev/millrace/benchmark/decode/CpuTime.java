package dev.millrace.benchmark.decode;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The processor time that a JVM used for a record, its garbage collector's included. Waiting for a
 * processor is not in it, so that other work on the machine moves it less than the time that a
 * record takes; it still can double it, as where two hardware threads share a core.
 */
public final class CpuTime implements InternalProfiler {

  static final String NAME = "cpu.time.norm";

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long before;

  @Override
  public String getDescription() {
    return "processor time an operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = system.getProcessCpuTime();
  }

  @Override
  public List<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double nanos = system.getProcessCpuTime() - before;
    long records = result.getMetadata().getAllOps();
    return List.of(new ScalarResult(NAME, nanos / records, "ns/op", AggregationPolicy.AVG));
  }
}
