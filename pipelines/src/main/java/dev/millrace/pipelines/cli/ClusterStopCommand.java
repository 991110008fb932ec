package dev.millrace.pipelines.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace cluster stop}. */
@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    description = "Stops the cluster that was started last; checkpoints and savepoints stay.",
    footer = {"", "Example: millrace cluster stop"})
final class ClusterStopCommand implements Callable<Integer> {

  private static final int PATIENCE_SECONDS = 20;

  @Mixin private ClusterFolder folder;
  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ClusterStopCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    List<ProcessHandle> living = folder.living();
    living.forEach(ProcessHandle::destroy);
    for (ProcessHandle process : living) {
      try {
        process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        process.destroyForcibly();
      }
    }
    command.commandLine().getOut().printf("%d processes stopped%n", living.size());
    return 0;
  }
}
