package dev.millrace.pipelines.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.models.ModelException;
import dev.millrace.pipelines.launch.LaunchRefused;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.training.FeatureTableException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
      GenerateCommand.class,
      ModelCommand.class,
      TailCommand.class,
      DeadLettersCommand.class,
      SchemaCommand.class,
      ClusterCommand.class,
    })
public final class Millrace implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets command
  private Millrace() {}

  public static void main(String[] arguments) {
    Logs.toStandardError();
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    System.exit(run(out, new PrintWriter(System.err, true, UTF_8), arguments));
  }

  /**
   * Runs one command and gives its exit code.
   *
   * @param out what the command says
   * @param errors what is wrong, and how far it is where {@code out} is for a result alone
   */
  public static int run(PrintWriter out, PrintWriter errors, String... arguments) {
    return new CommandLine(new Millrace())
        .addSubcommand(BenchCommand.withBenchmarks())
        .setOut(out)
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
    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + problem.getMessage());
    if (problem instanceof LaunchRefused) {
      return 2;
    }
    if (!isForPeople(problem)) {
      problem.printStackTrace(line.getErr());
    }
    return 1;
  }

  /** Whether the message says all: what was found where, and what was expected. */
  private static boolean isForPeople(Exception problem) {
    return problem instanceof CommandFailure
        || problem instanceof ModelException
        || problem instanceof FeatureTableException;
  }

  /** The project's folder, where the shipped pipelines are. */
  static Path root() {
    return Path.of(System.getProperty("millrace.root", "."));
  }

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "found no command, expected one of " + command.subcommands().keySet());
  }
}
