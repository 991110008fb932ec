package dev.millrace.pipelines.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipelines.spec.SpecException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code millrace}: exit code 2 for a wrong command or spec, 1 for a failed run. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    version = "millrace 0.1.0",
    description = "Turns event streams into decisions.",
    footer = {
      "",
      "See it work:    millrace demo",
      "Check a spec:   millrace validate pipelines/card-fraud/card-fraud.yaml",
      "Run it:         millrace run pipelines/card-fraud/card-fraud.yaml --runner=flink"
    },
    subcommands = {
      RunCommand.class,
      ValidateCommand.class,
      BackfillCommand.class,
      DemoCommand.class,
    })
public final class Millrace implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets command
  private Millrace() {}

  public static void main(String[] arguments) {
    Logs.toStandardError();
    System.exit(run(new PrintWriter(System.err, true, UTF_8), arguments));
  }

  /** Runs one command and gives its exit code; what is wrong is told to {@code errors}. */
  static int run(PrintWriter errors, String... arguments) {
    return new CommandLine(new Millrace())
        .setErr(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((problem, line, parsed) -> explain(problem, line))
        .execute(arguments);
  }

  private static int explain(Exception problem, CommandLine line) {
    if (problem instanceof SpecException wrong) {
      wrong.problems().forEach(line.getErr()::println);
      return 2;
    }
    line.getErr().println("millrace " + line.getCommandName() + ": " + problem.getMessage());
    if (!(problem instanceof CommandFailure)) {
      problem.printStackTrace(line.getErr());
    }
    return 1;
  }

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "found no command, expected one of " + command.subcommands().keySet());
  }
}
