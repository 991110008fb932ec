package dev.millrace.transforms.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.transforms.event.EventBuilder;
import dev.millrace.transforms.event.EventCoder;
import dev.millrace.transforms.event.EventLayout;
import dev.millrace.transforms.event.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class TableGaugesTest {

  @TempDir private Path folder;

  private Lookup lookup(String column, String file, String rows) throws Exception {
    Path path = Files.writeString(folder.resolve(file), "id," + column + "\n" + rows);
    return Lookup.by("customer", ReferenceFile.of(path.toString(), "id"))
        .withColumn(LookupColumn.of(column, LookupType.STRING, column).withDefault("NONE"));
  }

  @Test
  void tables_that_are_looked_up_in_by_the_same_key_have_gauges_of_their_own(TestPipeline pipeline)
      throws Exception {
    EventLayout layout =
        EventLayout.of(Schema.builder().addStringField("id").addStringField("customer").build());
    EventBuilder builder = new EventBuilder(layout);
    builder.setString(layout.column("id"), "e1");
    builder.setString(layout.column("customer"), "c1");
    pipeline
        .apply(Create.of(builder.build("e1", 0, Origin.NONE)).withCoder(EventCoder.of(layout)))
        .apply(
            "Lookups",
            lookup("segment", "segments.csv", "c1,GOLD")
                .then(lookup("branch", "branches.csv", "c1,17\nc2,18")));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    List<String> gauges = new ArrayList<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder().addNameFilter(MetricNameFilter.inNamespace("lookup")).build())
        .getGauges()
        .forEach(gauge -> gauges.add(gauge.getName().getName()));
    assertThat(gauges)
        .containsExactlyInAnyOrder(
            "customer.segment.records",
            "customer.segment.staleSeconds",
            "customer.segment.refused",
            "customer.branch.records",
            "customer.branch.staleSeconds",
            "customer.branch.refused");
  }
}
