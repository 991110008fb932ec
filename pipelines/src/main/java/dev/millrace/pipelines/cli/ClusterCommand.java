package dev.millrace.pipelines.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace cluster}. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description = "A standalone Flink cluster on this machine, for those who have none.",
    subcommands = {ClusterStartCommand.class, ClusterStatusCommand.class, ClusterStopCommand.class},
    footer = {
      "",
      "Example: millrace cluster start --taskManagers=2",
      "         millrace run pipelines/card-fraud/card-fraud.yaml --flinkMaster=127.0.0.1:8081"
    })
final class ClusterCommand implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets command
  ClusterCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "found no command, expected one of " + command.subcommands().keySet());
  }
}
