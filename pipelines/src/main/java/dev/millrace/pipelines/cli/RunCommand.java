package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.FlinkRest;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
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

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Mixin private SpecArguments spec;
  @Mixin private RunnerArguments runner;
  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RunCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    PipelinePlan plan = PipelinePlan.of(spec.read());
    Pipeline pipeline = Pipeline.create(runner.options("--jobName=" + plan.spec().pipeline()));
    new Assembly(pipeline, plan).decisions();
    Optional<String> cluster = runner.flinkMaster();
    if (cluster.isPresent()) {
      submit(pipeline, FlinkRest.of(cluster.get()), out);
      return 0;
    }
    out.printf("%s runs on %s%n", plan.spec().pipeline(), runner.runner().word());
    out.flush();
    double seconds = PipelineRun.toTheEnd(pipeline, out);
    out.printf("%s ended after %.0f s%n", plan.spec().pipeline(), seconds);
    return 0;
  }

  /** Leaves the job to a cluster once all its tasks run. */
  private static void submit(Pipeline pipeline, FlinkRest cluster, PrintWriter out)
      throws IOException {
    String name = pipeline.getOptions().getJobName();
    out.printf("submitting %s to Flink at %s ...%n", name, cluster.url());
    out.flush();
    pipeline.run();
    FlinkJob job =
        FlinkJob.newest(cluster, name)
            .orElseThrow(
                () -> new CommandFailure("found no job %s at %s".formatted(name, cluster.url())));
    try {
      job.awaitRunning(PATIENCE);
    } catch (IOException e) {
      throw new CommandFailure("%s; it is left as it is: %s".formatted(e.getMessage(), job.page()));
    }
    out.printf("job %s runs: %s%n", job.id(), job.page());
  }
}
