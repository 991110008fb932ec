package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.assembly.Backfill;
import dev.millrace.pipelines.assembly.PipelinePlan;
import dev.millrace.pipelines.spec.PipelineSpec;
import dev.millrace.pipelines.spec.SourceSpec;
import dev.millrace.pipelines.spec.SpecException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.Pipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace backfill}. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description = {
      "Writes one row per event of a file source: its id, every feature and computed column.",
      "The features are those that the running pipeline would have computed at the time."
    },
    footer = {
      "",
      "Example: millrace backfill pipelines/card-fraud/handbook.yaml --out features.csv"
          + " --set events.from.files.path=transactions.csv.gz"
    })
final class BackfillCommand implements Callable<Integer> {

  @Mixin private SpecArguments spec;
  @Mixin private RunnerArguments runner;
  @Spec private CommandSpec command;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.csv",
      description = "The file to write; one that is there is replaced.")
  private Path out;

  @Option(
      names = "--with",
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns of the contract to write as well.")
  private List<String> with = List.of();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  BackfillCommand() {}

  @Override
  public Integer call() {
    PipelineSpec read = spec.read();
    files(read);
    PrintWriter progress = command.commandLine().getOut();
    backfill(new Backfill(PipelinePlan.ofFeatures(read), out, with, false), runner, progress);
    return 0;
  }

  /** The path of the files that a pipeline reads; a stream has no end to wait for. */
  static String files(PipelineSpec spec) {
    if (spec.events().from() instanceof SourceSpec.Files files) {
      if (files.isBounded()) {
        return files.path();
      }
      throw new SpecException(
          spec.place("events.from.files.watch"),
          "found files that are watched without an end, expected those that there are: --set events.from.files.watch=null");
    }
    throw new SpecException(
        spec.place("events.from"), "found a stream without an end, expected files to backfill");
  }

  /** Runs a backfill and says what it wrote. */
  static void backfill(Backfill backfill, RunnerArguments runner, PrintWriter progress) {
    Pipeline pipeline =
        Pipeline.create(
            runner.options(
                "--jobName=" + backfill.plan().spec().pipeline() + "-backfill",
                "--streaming=" + backfill.arrivalOrder()));
    backfill.assemble(pipeline);
    double seconds = PipelineRun.toTheEnd(pipeline, progress);
    Path letters = Backfill.deadLetters(backfill.out());
    long dead = DeadLetterFile.count(letters);
    progress.printf("wrote %s in %.0f s%n", backfill.out(), seconds);
    if (dead > 0) {
      progress.printf("wrote %s with %,d dead letters%n", letters, dead);
    }
    progress.flush();
  }
}
