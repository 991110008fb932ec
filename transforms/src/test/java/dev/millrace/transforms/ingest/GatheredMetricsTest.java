package dev.millrace.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class GatheredMetricsTest {

  /** Counts as a source does: by names, some of them made anew each time. */
  private static final class Counting extends DoFn<Long, Void> {
    private final GatheredMetrics metrics = new GatheredMetrics();

    @ProcessElement
    public void process() throws IOException {
      try (var gathering = metrics.begin()) {
        for (int i = 1; i <= 10; i++) {
          Metrics.counter("test", "records").inc();
          Metrics.counter("test", "bytes").inc(i);
          Metrics.distribution("test", "size").update(i);
        }
      }
      metrics.tell();
      Metrics.counter("test", "outside").inc();
    }
  }

  @Test
  void the_runner_hears_of_all_that_was_counted(TestPipeline pipeline) {
    pipeline.apply(GenerateSequence.from(0).to(7)).apply(ParDo.of(new Counting()));
    MetricQueryResults results =
        pipeline
            .run()
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(MetricNameFilter.inNamespace("test"))
                    .build());
    assertThat(results.getCounters())
        .extracting(count -> count.getName().getName() + " " + count.getCommitted())
        .containsExactlyInAnyOrder("records 70", "bytes 385", "outside 7");
    assertThat(results.getDistributions())
        .extracting(values -> values.getCommitted())
        .containsExactly(DistributionResult.create(385, 70, 1, 10));
  }
}
