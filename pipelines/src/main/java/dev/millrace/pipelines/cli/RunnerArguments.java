package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.launch.FlinkLaunch;
import dev.millrace.pipelines.launch.LaunchTarget;
import dev.millrace.pipelines.s3.S3Launch;
import dev.millrace.pipelines.services.FlinkSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  static final String DEFAULT_PROFILE = "latency";

  /** The runners that ./millrace can put on the class path. */
  public enum Runner {
    DIRECT(
        "DirectRunner",
        "--blockOnRun=false",
        "--enforceImmutability=false",
        "--enforceEncodability=false"),
    FLINK("FlinkRunner", "--attachedMode=false", "--parallelism=1"),
    /** For what has an end: its runner has no event-time timers in a stream. */
    SPARK("SparkRunner"),
    DATAFLOW("DataflowRunner");

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

  @Option(
      names = "--runner",
      defaultValue = "flink",
      description =
          "direct, flink, dataflow or spark (for files), by default ${DEFAULT-VALUE} (embedded).")
  private Runner runner = Runner.FLINK;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = {
        "What Flink is set up for, by default latency.",
        "latency: a decision within milliseconds, checkpoints every second.",
        "throughput: as many a second as can be; large bundles, few checkpoints.",
        "exactly-once: each decision once, at most seconds after its event.",
        "What each sets is in runners-config/flink/profiles; options given by hand win."
      })
  private @Nullable String profile;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "A setting of Flink for this job, over the profile's. Repeatable.")
  private Map<String, String> flinkSettings = new LinkedHashMap<>();

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

  /** As with {@code --profile}. */
  public RunnerArguments withProfile(String name) {
    profile = name;
    return this;
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
    return streamOptions(options.toArray(String[]::new));
  }

  /** The options for a run of what has an end, which needs no checkpoints. */
  public PipelineOptions options(String... more) {
    List<String> bounded = new ArrayList<>(List.of("--checkpointingInterval=-1"));
    bounded.addAll(Arrays.asList(more));
    return runner == Runner.FLINK
        ? flinkOptions(flink(bounded.toArray(String[]::new)))
        : plainOptions(more);
  }

  /** The options for a stream, by the profile. */
  public PipelineOptions streamOptions(String... more) {
    if (runner == Runner.DATAFLOW) {
      List<String> streaming = new ArrayList<>(List.of("--streaming=true"));
      streaming.addAll(Arrays.asList(more));
      return plainOptions(streaming.toArray(String[]::new));
    }
    return runner == Runner.FLINK ? flinkOptions(flink(more)) : plainOptions(more);
  }

  /** The launch on Flink; {@code more} stand above the profile and below the command line. */
  FlinkLaunch flink(String... more) {
    String folder = System.getenv("FLINK_CONF_DIR");
    try {
      return FlinkLaunch.of(
          folder(),
          profile == null ? DEFAULT_PROFILE : profile,
          byHand(more),
          flinkSettings,
          folder == null ? null : Path.of(folder));
    } catch (IllegalArgumentException e) {
      throw mistake(String.valueOf(e.getMessage()), e);
    }
  }

  /** Beam's options for a launch on Flink, whose settings become a folder of configuration. */
  PipelineOptions flinkOptions(FlinkLaunch launch) {
    Map<String, String> settings = new LinkedHashMap<>(launch.settings().jobValues());
    Path configuration;
    try {
      TemporaryFolder temporary = TemporaryFolder.untilExit();
      configuration = temporary.path();
      if (launch.target() == LaunchTarget.EMBEDDED) {
        settings.putIfAbsent(
            "state.checkpoints.dir", temporary.file("checkpoints").toUri().toString());
      }
      new FlinkSettings(Map.copyOf(settings)).write(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "found no room for a folder of Flink's configuration, expected some", e);
    }
    List<String> all = new ArrayList<>(launch.arguments());
    all.add("--flinkConfDir=" + configuration);
    return beamOptions(all);
  }

  private PipelineOptions plainOptions(String... more) {
    if (profile != null || !flinkSettings.isEmpty()) {
      throw mistake(
          "found --profile or -D with --runner=%s, expected --runner=flink"
              .formatted(runner.word()),
          null);
    }
    List<String> arguments = new ArrayList<>();
    plain(more).forEach((name, value) -> arguments.add("--%s=%s".formatted(name, value)));
    return beamOptions(arguments);
  }

  /** Beam's options, by name: those of the runner's file, and over them those by hand. */
  Map<String, String> plain(String... more) {
    Map<String, String> all = new LinkedHashMap<>(parsed(lines(folder().resolve("options"))));
    all.putAll(byHand(more));
    return all;
  }

  private PipelineOptions beamOptions(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("--runner=" + runner.beamName));
    all.addAll(arguments);
    Map<String, String> given = parsed(all);
    try {
      S3Launch.check(given);
    } catch (IllegalArgumentException e) {
      throw mistake(String.valueOf(e.getMessage()), e);
    }
    try {
      PipelineOptions options =
          PipelineOptionsFactory.fromArgs(all.toArray(String[]::new)).withValidation().create();
      S3Launch.prepare(options, given);
      return options;
    } catch (IllegalArgumentException e) {
      throw mistake("neither an option of millrace nor of the runner: " + e.getMessage(), e);
    }
  }

  private RuntimeException mistake(String problem, @Nullable Exception cause) {
    return command == null
        ? new IllegalArgumentException(problem, cause)
        : new ParameterException(command.commandLine(), problem, cause);
  }

  private Path folder() {
    return Path.of(System.getProperty("millrace.root", "."), "runners-config", runner.word());
  }

  /** A later option of a name wins. */
  private Map<String, String> byHand(String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(more));
    all.addAll(beamOptions);
    all.addAll(unknownToUs());
    return parsed(all);
  }

  private static Map<String, String> parsed(List<String> options) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String option : options) {
      String[] parts = option.substring("--".length()).split("=", 2);
      byName.put(parts[0], parts.length == 2 ? parts[1] : "true");
    }
    return byName;
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

  private static List<String> lines(Path options) {
    try (Stream<String> lines = Files.lines(options)) {
      return lines.map(String::trim).filter(line -> line.startsWith("--")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: found no readable file, expected the runner's options".formatted(options), e);
    }
  }
}
