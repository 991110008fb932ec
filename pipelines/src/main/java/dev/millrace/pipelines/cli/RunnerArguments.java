package dev.millrace.pipelines.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The runner, and Beam's own options, which pass through as they are. */
public final class RunnerArguments {

  /** The runners that ./millrace can put on the class path. */
  public enum Runner {
    DIRECT(
        "DirectRunner",
        "--blockOnRun=false",
        "--enforceImmutability=false",
        "--enforceEncodability=false"),
    FLINK("FlinkRunner", "--attachedMode=false", "--parallelism=1");

    private final String beamName;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes one that is
    private final List<String> forDemo;

    Runner(String beamName, String... forDemo) {
      this.beamName = beamName;
      this.forDemo = List.of(forDemo);
    }

    /** What a pipeline runs with that shares a laptop with its servers and is stopped by us. */
    List<String> forDemo() {
      return forDemo;
    }

    /** As a person writes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String FLINK_MASTER = "--flinkMaster=";

  @Option(
      names = "--runner",
      defaultValue = "flink",
      description = "direct or flink, by default ${DEFAULT-VALUE} (embedded).")
  private Runner runner = Runner.FLINK;

  private List<String> beamOptions = List.of();
  private @Nullable CommandSpec command;

  RunnerArguments() {}

  /** A runner for code that is no command line, with options as they would stand there. */
  public static RunnerArguments of(Runner runner, String... beamOptions) {
    RunnerArguments arguments = new RunnerArguments();
    arguments.runner = runner;
    arguments.beamOptions = List.of(beamOptions);
    return arguments;
  }

  /** Lets the command that mixes this in keep the options that it does not know, for Beam. */
  @Spec(Spec.Target.MIXEE)
  void mixInto(CommandSpec mixee) {
    mixee.parser().unmatchedArgumentsAllowed(true);
    command = mixee;
  }

  Runner runner() {
    return runner;
  }

  /** The options for the demo, in which launching a pipeline does not wait for its end. */
  public PipelineOptions demoOptions() {
    List<String> options = new ArrayList<>(List.of("--jobName=card-fraud", "--streaming=true"));
    options.addAll(runner.forDemo());
    return options(options.toArray(String[]::new));
  }

  /**
   * Beam's options: those of the file {@code runners-config/RUNNER/options}, then {@code more},
   * then the command line's; a later one of a name wins.
   */
  public PipelineOptions options(String... more) {
    List<String> all = new ArrayList<>(List.of("--runner=" + runner.beamName));
    Path folder =
        Path.of(System.getProperty("millrace.root", "."), "runners-config", runner.word());
    all.addAll(lines(folder.resolve("options")));
    if (runner == Runner.FLINK) {
      all.add("--flinkConfDir=" + folder);
    }
    all.addAll(Arrays.asList(more));
    List<String> byHand = new ArrayList<>(beamOptions);
    byHand.addAll(unknownToUs());
    if (flinkMaster(byHand).isPresent()) {
      // The cluster has Flink and TensorFlow; the job brings the rest.
      all.add("--filesToStage=" + folder.resolve("target").resolve("millrace-flink.jar"));
      all.add("--attachedMode=false");
    }
    all.addAll(byHand);
    String[] last =
        all.stream().filter(option -> isLast(option, all)).distinct().toArray(String[]::new);
    try {
      return PipelineOptionsFactory.fromArgs(last).withValidation().create();
    } catch (IllegalArgumentException e) {
      String problem = "neither an option of millrace nor of the runner: " + e.getMessage();
      throw command == null
          ? new IllegalArgumentException(problem, e)
          : new ParameterException(command.commandLine(), problem, e);
    }
  }

  private List<String> unknownToUs() {
    if (command == null) {
      return List.of();
    }
    List<String> unknown = command.commandLine().getUnmatchedArguments();
    for (String argument : unknown) {
      if (!argument.startsWith("--")) {
        throw new ParameterException(
            command.commandLine(), "found '%s', expected an option".formatted(argument));
      }
    }
    return unknown;
  }

  /** The cluster that is submitted to, {@code host:port}; empty for the embedded one. */
  Optional<String> flinkMaster() {
    List<String> byHand = new ArrayList<>(beamOptions);
    byHand.addAll(unknownToUs());
    return flinkMaster(byHand);
  }

  private static Optional<String> flinkMaster(List<String> options) {
    return options.stream()
        .filter(option -> option.startsWith(FLINK_MASTER))
        .reduce((first, last) -> last)
        .map(option -> option.substring(FLINK_MASTER.length()))
        .filter(master -> !master.startsWith("["));
  }

  private static boolean isLast(String option, List<String> all) {
    String name = name(option);
    List<String> same = all.stream().filter(other -> name(other).equals(name)).toList();
    return same.get(same.size() - 1).equals(option);
  }

  private static String name(String option) {
    return option.split("=", 2)[0];
  }

  private static List<String> lines(Path options) {
    try (Stream<String> lines = Files.lines(options)) {
      return lines.map(String::trim).filter(line -> line.startsWith("--")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: found no readable file, expected the runner's options".formatted(options), e);
    }
  }
}
