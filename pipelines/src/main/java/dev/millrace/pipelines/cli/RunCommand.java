package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.Pipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a pipeline: until its source ends, or until it is stopped.",
      "Beam's own options (--parallelism=2, --flinkMaster=...) pass through."
    },
    footer = {
      "",
      "Example: millrace run pipelines/card-fraud/card-fraud.yaml --runner=flink"
          + " --set to.kafka.topic=card.decisions.test"
    })
final class RunCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Mixin private RunnerArguments runner;
  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RunCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    PipelinePlan plan = PipelinePlan.of(spec.read());
    Pipeline pipeline = Pipeline.create(runner.options("--jobName=" + plan.spec().pipeline()));
    new Assembly(pipeline, plan).decisions();
    out.printf("%s runs on %s%n", plan.spec().pipeline(), runner.runner().word());
    out.flush();
    double seconds = PipelineRun.toTheEnd(pipeline, out);
    out.printf("%s ended after %.0f s%n", plan.spec().pipeline(), seconds);
    return 0;
  }
}
