package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.assembly.Assembly;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.cli.RunnerArguments.Runner;
import dev.millrace.pipelines.launch.DataflowCheck;
import dev.millrace.pipelines.launch.FlinkLaunch;
import dev.millrace.pipelines.launch.LaunchCheck.Promise;
import dev.millrace.pipelines.launch.LaunchFinding;
import dev.millrace.pipelines.launch.LaunchRefused;
import dev.millrace.pipelines.services.FlinkJob;
import dev.millrace.pipelines.services.FlinkRest;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SinkSpec;
import dev.millrace.pipelines.spec.SinkSpec.Delivery;
import dev.millrace.pipelines.spec.SpecException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.Pipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--explain",
      description = "Says what the launch is set to, and by whom, checks it, and runs nothing.")
  private boolean explain;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RunCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    Optional<FlinkLaunch> launch =
        runner.runner() == Runner.FLINK ? Optional.of(runner.flink()) : Optional.empty();
    if (explain) {
      launch.map(FlinkLaunch::explanation).orElse(List.of()).forEach(out::println);
    }
    PipelinePlan plan = PipelinePlan.of(read(launch));
    String name = "--jobName=" + plan.spec().pipeline();
    boolean endless = !plan.spec().events().from().isBounded();
    if (endless && runner.runner() == Runner.SPARK) {
      throw new SpecException(
          plan.spec().place("events.from"),
          "found %s, which has no end, on Spark, expected files, or --runner=flink: in a stream Spark's runner has no event-time timers and no stable input, by which history and delivery keep their word"
              .formatted(plan.spec().events().from().word()));
    }
    if (endless) {
      launch.ifPresent(flink -> check(flink.askingTheCluster().findings(promise(plan.spec()))));
    }
    if (runner.runner() == Runner.DATAFLOW) {
      check(DataflowCheck.findings(runner.plain(), promise(plan.spec()), plan.spec().servers()));
    }
    if (explain) {
      return 0;
    }
    Pipeline pipeline =
        Pipeline.create(endless ? runner.streamOptions(name) : runner.options(name));
    new Assembly(pipeline, plan).decisions();
    Optional<String> cluster = launch.flatMap(FlinkLaunch::cluster);
    if (cluster.isPresent()) {
      submit(pipeline, FlinkRest.of(cluster.get()), out);
      return 0;
    }
    if (runner.runner() == Runner.DATAFLOW) {
      pipeline.run();
      out.printf("%s is handed to Dataflow%n", plan.spec().pipeline());
      return 0;
    }
    out.printf("%s runs on %s%n", plan.spec().pipeline(), runner.runner().word());
    out.flush();
    double seconds = PipelineRun.toTheEnd(pipeline, out);
    if (endless) {
      // A source that believes that it has given out all its partitions ends without a word.
      throw new CommandFailure(
          "%s ended by itself after %.0f s, expected a stream to run until it is stopped"
              .formatted(plan.spec().pipeline(), seconds));
    }
    out.printf("%s ended after %.0f s%n", plan.spec().pipeline(), seconds);
    return 0;
  }

  /** With what a profile overrides in the specification, unless the command line does. */
  private PipelineSpec read(Optional<FlinkLaunch> launch) {
    PipelineSpec read = spec.read();
    if (launch.isEmpty() || launch.get().profile().delivery() != Delivery.EXACTLY_ONCE) {
      return read;
    }
    List<String> once = new ArrayList<>();
    String delivery = ".kafka.delivery=" + Delivery.EXACTLY_ONCE.word();
    for (int i = 0; i < read.to().size(); i++) {
      if (read.to().get(i).sink() instanceof SinkSpec.Kafka) {
        once.add(read.pathOfSink(i) + delivery);
      }
    }
    if (read.deadLetters() instanceof SinkSpec.Kafka) {
      once.add("deadLetters" + delivery);
    }
    return spec.readAfter(once);
  }

  /** Says what is worth knowing, and refuses what contradicts the promise. */
  private void check(List<LaunchFinding> findings) {
    List<LaunchFinding> refused = findings.stream().filter(LaunchFinding::refused).toList();
    if (!refused.isEmpty()) {
      throw new LaunchRefused(refused);
    }
    PrintWriter errors = command.commandLine().getErr();
    findings.forEach(finding -> errors.println("warning: " + finding));
  }

  private static Promise promise(PipelineSpec read) {
    return new Promise(
        strictest(read.decisionTopics()),
        strictest(read.deadLetterTopic().stream().toList()),
        read.infer() != null);
  }

  private static Delivery strictest(List<SinkSpec.Kafka> topics) {
    return topics.stream()
        .map(SinkSpec.Kafka::delivery)
        .max(Comparator.naturalOrder())
        .orElse(Delivery.AT_LEAST_ONCE);
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
