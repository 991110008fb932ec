package dev.millrace.pipelines.cli;

import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code millrace bench}: every {@link Benchmark} on the class path is a command of it, but the one
 * that is named {@code bench} is this command itself.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures what Millrace does on this machine, beside other ways of doing it.",
    footer = {"", "Example: millrace bench decode --quick"})
final class BenchCommand implements Runnable {

  @Spec private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets command
  BenchCommand() {}

  /** The command, with what is found. */
  static CommandLine withBenchmarks() {
    List<CommandLine> found =
        ServiceLoader.load(Benchmark.class).stream()
            .map(ServiceLoader.Provider::get)
            .map(CommandLine::new)
            .toList();
    CommandLine bench =
        found.stream()
            .filter(each -> each.getCommandName().equals("bench"))
            .findFirst()
            .orElseGet(() -> new CommandLine(new BenchCommand()));
    found.stream().filter(each -> each != bench).forEach(bench::addSubcommand);
    return bench;
  }

  @Override
  public void run() {
    Set<String> names = command.subcommands().keySet();
    throw new ParameterException(
        command.commandLine(),
        names.isEmpty()
            ? "found no benchmark on the class path, expected that of ./millrace bench"
            : "found no benchmark's name, expected one of " + names);
  }
}
