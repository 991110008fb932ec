package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.services.FlinkCluster;
import dev.millrace.pipelines.services.PortTakenException;
import dev.millrace.pipelines.services.TaskManagerMemory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace cluster start}. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a JobManager and TaskManagers on 127.0.0.1, each in a JVM of its own, and returns.",
      "Settings are those of runners-config/flink/config.yaml."
    },
    footer = {
      "",
      "Example: millrace cluster start --taskManagers=2 --slots=1 -Dstate.backend.type=rocksdb"
    })
final class ClusterStartCommand implements Callable<Integer> {

  @Mixin private ClusterFolder folder;

  @Option(
      names = "--port",
      defaultValue = "8081",
      description = "Of the REST API and the web UI, by default ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--taskManagers",
      defaultValue = "1",
      description = "How many, by default ${DEFAULT-VALUE}.")
  private int taskManagers;

  @Option(
      names = "--slots",
      defaultValue = "2",
      description = "Of each TaskManager, by default ${DEFAULT-VALUE}.")
  private int slots;

  @Option(
      names = "--heap",
      paramLabel = "MB",
      defaultValue = "1024",
      description = "Of each TaskManager's tasks, by default ${DEFAULT-VALUE}.")
  private int heap;

  @Option(
      names = "-D",
      paramLabel = "NAME=VALUE",
      description = "A setting of Flink's, over config.yaml.")
  private Map<String, String> settings = new TreeMap<>();

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ClusterStartCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    if (!folder.living().isEmpty()) {
      throw new CommandFailure(
          "found a cluster that runs at %s (folder %s), expected none: millrace cluster stop"
              .formatted(folder.address().orElse("?"), folder.path()));
    }
    FlinkCluster.Plan plan =
        FlinkCluster.in(folder.path())
            .withTaskManagers(taskManagers)
            .withSlots(slots)
            .withMemory(new TaskManagerMemory(heap, TaskManagerMemory.usual().managed()));
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      plan = plan.with(setting.getKey(), setting.getValue());
    }
    out.printf("starting a JobManager and %d TaskManagers ...%n", taskManagers);
    out.flush();
    FlinkCluster cluster = start(plan);
    cluster.detach();
    folder.remember(cluster);
    out.printf("Flink at %s, web UI %s%n", cluster.address(), cluster.rest().url());
    out.printf("logs, checkpoints and savepoints in %s%n", folder.path());
    return 0;
  }

  private FlinkCluster start(FlinkCluster.Plan plan) throws IOException {
    try {
      return plan.start(port);
    } catch (PortTakenException e) {
      throw new CommandFailure(e.getMessage() + ": --port");
    }
  }
}
