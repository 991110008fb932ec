package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.assembly.Backfill;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SpecException;
import dev.millrace.pipelines.training.FeatureOrigin;
import dev.millrace.pipelines.training.FeatureTable;
import dev.millrace.pipelines.training.Recipe;
import dev.millrace.pipelines.training.SimulatedHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which events a model's features are made of, and whether the features are kept. */
final class FeatureArguments {

  @Option(
      names = "--spec",
      paramLabel = "SPEC",
      description = {
        "The YAML file of a pipeline over files that hold the past, such as",
        "pipelines/card-fraud/handbook.yaml. Without it the past is simulated by --seed: 122 days",
        "of card payments from 2018-04-01 on."
      })
  private @Nullable Path spec;

  @Mixin private SpecOverrides overrides;

  @Option(
      names = "--features",
      paramLabel = "FILE.csv",
      description = {
        "Keeps the features: read from this file when it is there, else made and written to it,",
        "so that training and evaluating need one backfill."
      })
  private @Nullable Path features;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  FeatureArguments() {}

  /**
   * Features that are there to be read.
   *
   * @param spec of the pipeline that they are of
   * @param events what they were made of, for people to read
   */
  record Made(FeatureTable table, PipelineSpec spec, String events) {}

  boolean simulated() {
    return spec == null;
  }

  /** Makes the features of all events, unless they are there. */
  Made make(
      Recipe recipe,
      SimulatedHistory history,
      RunnerArguments runner,
      TemporaryFolder work,
      PrintWriter progress)
      throws IOException {
    Path simulation = work.file("payments.csv");
    PipelineSpec read =
        spec == null
            ? overrides.read(
                SimulatedHistory.spec(Millrace.root()), "events.from.files.path=" + simulation)
            : overrides.read(spec);
    String events = spec == null ? history.toString() : BackfillCommand.files(read);
    FeatureTable table =
        FeatureTable.of(features == null ? work.file("features.csv") : features, read, recipe);
    PipelinePlan plan = PipelinePlan.ofFeatures(read);
    FeatureOrigin origin = new FeatureOrigin(events, plan.featureVersion());
    if (Files.exists(table.file())) {
      origin.check(table.file());
      progress.printf("the features of %s are in %s%n", events, table.file());
      return new Made(table, read, events);
    }
    Backfill backfill = backfill(table, plan);
    if (simulated()) {
      progress.printf("%s ...%n", events);
      progress.flush();
      history.write(Millrace.root(), simulation);
    }
    progress.printf("features of %s ...%n", simulated() ? "these" : events);
    progress.flush();
    BackfillCommand.backfill(backfill, runner, progress);
    if (features != null) {
      origin.note(features);
    }
    return new Made(table, read, events);
  }

  private static Backfill backfill(FeatureTable table, PipelinePlan plan) {
    Backfill backfill = table.backfill(plan);
    for (String column : backfill.with()) {
      try {
        plan.events().layout().column(column);
      } catch (IllegalArgumentException e) {
        throw new SpecException(
            plan.spec().place("events.format"),
            "found a contract without '%s', expected it with what the model needs: %s"
                .formatted(column, backfill.with()));
      }
    }
    return backfill;
  }
}
