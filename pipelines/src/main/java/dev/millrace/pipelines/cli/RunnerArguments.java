package dev.millrace.pipelines.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** The runner, and Beam's own options, which pass through as they are. */
public final class RunnerArguments {

  /** The runners that ./millrace can put on the class path. */
  public enum Runner {
    DIRECT("DirectRunner", "--blockOnRun=false"),
    FLINK("FlinkRunner", "--attachedMode=false");

    private final String beamName;
    private final String detached;

    Runner(String beamName, String detached) {
      this.beamName = beamName;
      this.detached = detached;
    }

    /** The option with which launching a pipeline does not wait for its end. */
    String detached() {
      return detached;
    }

    /** As a person writes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--runner",
      defaultValue = "flink",
      description = "direct or flink, by default ${DEFAULT-VALUE} (embedded).")
  private Runner runner = Runner.FLINK;

  @Unmatched private List<String> beamOptions = new ArrayList<>();

  RunnerArguments() {}

  /** A runner for code that is no command line, with options as they would stand there. */
  public static RunnerArguments of(Runner runner, String... beamOptions) {
    RunnerArguments arguments = new RunnerArguments();
    arguments.runner = runner;
    arguments.beamOptions = List.of(beamOptions);
    return arguments;
  }

  Runner runner() {
    return runner;
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
    all.addAll(beamOptions);
    String[] last =
        all.stream().filter(option -> isLast(option, all)).distinct().toArray(String[]::new);
    return PipelineOptionsFactory.fromArgs(last).withValidation().create();
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
