package dev.millrace.faults;

import dev.millrace.pipelines.cli.Benchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace bench faults}: one trial after the other, and what came of each. */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description = {
      "Kills what a pipeline runs on while payments flow, and counts what was lost, doubled or",
      "altered: TaskManagers, the JobManager and the broker are killed, stopped and started, the",
      "checkpoints' disk is filled. Real broker, real cluster; the decisions are read back and",
      "computed again from the topic of payments. Exit code 1 when an invariant is broken."
    },
    footer = {
      "",
      "Example: millrace bench faults --only=taskmanager-killed,broker-killed --json=faults.json"
    })
public final class FaultsBenchmark implements Benchmark {

  private static final Duration WARM_UP = Duration.ofMinutes(2);

  @Spec private CommandSpec command;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "FAULT",
      description = "Which; by default all, one after the other, in about an hour.")
  private Set<String> only = new HashSet<>();

  @Option(
      names = "--ids",
      defaultValue = "100000",
      paramLabel = "N",
      description = "How many ids each trial has at least, by default ${DEFAULT-VALUE}.")
  private int ids;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Records a second, by default ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of the payments and of the moments, by default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write what came of it, as one JSON object.")
  private @Nullable Path json;

  private long start;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public FaultsBenchmark() {}

  @Override
  public Integer call() throws IOException {
    start = System.nanoTime();
    List<Trial> trials = trials();
    FaultsReport report = new FaultsReport();
    for (Trial trial : trials) {
      say(trial.name());
      Path folder = Files.createTempDirectory("millrace-faults");
      try {
        report.add(trial.run(folder, seed, rate, ids, WARM_UP, text -> say("  " + text)));
      } catch (SmallDisk.NotToBeHad e) {
        report.skip(trial, String.valueOf(e.getMessage()));
      }
      report.print(screen());
      if (json != null) {
        report.write(json, seed, rate);
      }
    }
    return report.good() ? 0 : 1;
  }

  private List<Trial> trials() {
    List<Trial> all = Trial.all();
    Set<String> names = all.stream().map(Trial::name).collect(Collectors.toSet());
    for (String name : only) {
      if (!names.contains(name)) {
        throw new ParameterException(
            command.commandLine(),
            "--only: found '%s', expected some of %s"
                .formatted(name, String.join(", ", all.stream().map(Trial::name).toList())));
      }
    }
    return all.stream().filter(one -> only.isEmpty() || only.contains(one.name())).toList();
  }

  private void say(String text) {
    screen().printf("%6.0f s  %s%n", (System.nanoTime() - start) / 1e9, text);
    screen().flush();
  }

  private PrintWriter screen() {
    return command.commandLine().getOut();
  }
}
