package dev.millrace.pipelines.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace model}. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Trains models on a pipeline's features, measures them, shows what they are.",
    footer = {"", "Example: millrace model inspect models/card-fraud"},
    subcommands = {
      ModelTrainCommand.class,
      ModelEvaluateCommand.class,
      ModelInspectCommand.class,
    })
final class ModelCommand implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets command
  ModelCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "found no command, expected one of " + command.subcommands().keySet());
  }
}
