package dev.millrace.pipelines.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace schema}. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Says what a change of a schema would do to a pipeline, before it is made.",
    footer = {
      "",
      "Example: millrace schema check pipelines/card-fraud/card-fraud.yaml"
          + " --candidate transaction-v2.avsc"
    },
    subcommands = {
      SchemaCheckCommand.class,
      SchemaRegisterCommand.class,
      SchemaDiffCommand.class,
    })
final class SchemaCommand implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets command
  SchemaCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "found no command, expected one of " + command.subcommands().keySet());
  }
}
