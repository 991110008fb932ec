package dev.millrace.pipelines.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace deadletters}. */
@Command(
    name = "deadletters",
    mixinStandardHelpOptions = true,
    description = "Shows a pipeline's dead letters, and sends them through it again.",
    footer = {"", "Example: millrace deadletters list pipelines/card-fraud/card-fraud.yaml"},
    subcommands = {DeadLettersListCommand.class, DeadLettersReplayCommand.class})
final class DeadLettersCommand implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets command
  DeadLettersCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "found no command, expected one of " + command.subcommands().keySet());
  }
}
