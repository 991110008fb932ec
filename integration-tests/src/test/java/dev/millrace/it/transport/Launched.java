package dev.millrace.it.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.yaml.Overrides;
import dev.millrace.pipelines.spec.yaml.PipelineSpecReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/** Pipelines of specifications, read and run as a user's are. */
final class Launched {

  private Launched() {}

  static PipelineSpec read(Path file, String... overrides) {
    return PipelineSpecReader.read(file, Overrides.parse(List.of(overrides)), System::getenv);
  }

  /** With a checkpoint twice a second on Flink, unless an option says otherwise. */
  static PipelineResult run(PipelineSpec spec, Runner runner, List<String> more) {
    List<String> options = new ArrayList<>();
    if (runner == Runner.FLINK) {
      options.add("--checkpointingInterval=500");
    }
    options.addAll(more);
    Pipeline pipeline =
        Pipeline.create(RunnerArguments.of(runner, options.toArray(String[]::new)).demoOptions());
    new Assembly(pipeline, PipelinePlan.of(spec)).decisions();
    return pipeline.run();
  }

  /** To the end of what has one. */
  static void toTheEnd(PipelineSpec spec, Runner runner, List<String> more) {
    Pipeline pipeline =
        Pipeline.create(RunnerArguments.of(runner, more.toArray(String[]::new)).options());
    new Assembly(pipeline, PipelinePlan.of(spec)).decisions();
    assertThat(pipeline.run().waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
  }
}
