package dev.millrace.pipelines.cli;

import dev.millrace.models.Model;
import dev.millrace.models.VersionDirectory;
import dev.millrace.models.evaluation.DetectionProtocol;
import dev.millrace.models.evaluation.Evaluation;
import dev.millrace.models.evaluation.EvaluationTable;
import dev.millrace.models.evaluation.PublishedResult;
import dev.millrace.models.tensorflow.SavedModel;
import dev.millrace.models.training.Provenance;
import dev.millrace.models.training.TrainedClassifier;
import dev.millrace.models.training.TrainingSet;
import dev.millrace.pipelines.training.Days;
import dev.millrace.pipelines.training.Measurement;
import dev.millrace.pipelines.training.Recipe;
import dev.millrace.pipelines.training.SimulatedHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace model train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a model on some days of a pipeline's features.",
      "It is written as the next version of a model's folder, with a card that says what it is. The",
      "features are those that the running pipeline would have computed at the time, with all of the",
      "past before. Where the events go on for a week of delay and a week of test, the model is tested",
      "on that and the card says how it did. The same events, days and seed give the same model."
    },
    footer = {
      "",
      "Example: millrace model train card-fraud --out=models/card-fraud",
      "Example: millrace model train card-fraud --spec=pipelines/card-fraud/handbook.yaml"
          + " --set events.from.files.path=transactions.csv.gz --from=2018-07-11 --days=7"
    })
final class ModelTrainCommand implements Callable<Integer> {

  @Mixin private RecipeArgument model;
  @Mixin private FeatureArguments features;
  @Mixin private RunnerArguments runner;
  @Spec private CommandSpec command;

  @Option(
      names = "--from",
      paramLabel = "YYYY-MM-DD",
      description = {
        "The first day to train on, in UTC. Needed with --spec; in a simulated past by default",
        "2018-07-11, so that all windows are full and a week of test is left."
      })
  private @Nullable LocalDate from;

  @Option(
      names = "--days",
      defaultValue = "7",
      paramLabel = "N",
      description = "How many days to train on, by default ${DEFAULT-VALUE}.")
  private int days;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Of the training, and of a simulated past; by default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The model's folder of versions, by default trained/MODEL.")
  private @Nullable Path out;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ModelTrainCommand() {}

  @Override
  public Integer call() throws IOException {
    SimulatedHistory history = new SimulatedHistory(seed);
    DetectionProtocol protocol = protocol(history);
    Recipe recipe = model.recipe();
    PrintWriter screen = command.commandLine().getOut();
    try (TemporaryFolder work = TemporaryFolder.create()) {
      FeatureArguments.Made made = features.make(recipe, history, runner, work, screen);
      Days trained = Days.from(protocol.trainFrom(), days);
      TrainingSet set = made.table().trainingSet(trained);
      TrainedClassifier classifier = train(recipe, set, screen);
      String data =
          "%s; trained on %s: %,d rows, %,d frauds"
              .formatted(made.events(), trained, set.size(), set.positives());
      Provenance provenance = new Provenance(recipe.name(), data, commandLine(), Map.of());
      if (made.table().days().contains(Measurement.days(protocol))) {
        Path draft = classifier.publish(VersionDirectory.at(work.file("draft")), 1, provenance);
        Evaluation evaluation = evaluate(draft, made, protocol);
        screen.print(
            EvaluationTable.render(recipe.name(), evaluation, PublishedResult.FRAUD_HANDBOOK));
        provenance =
            new Provenance(recipe.name(), data, provenance.createdBy(), evaluation.metrics());
      } else {
        screen.printf("not tested: there are no events of all of %s%n", testDays(protocol));
      }
      VersionDirectory directory =
          VersionDirectory.at(out == null ? Path.of("trained", recipe.name()) : out);
      Path version = classifier.publish(directory, directory.nextVersion(), provenance);
      screen.printf("wrote %s%n", version);
    }
    return 0;
  }

  private DetectionProtocol protocol(SimulatedHistory history) {
    if (from == null && !features.simulated()) {
      throw new ParameterException(
          command.commandLine(), "found --spec without --from, expected the first day to train on");
    }
    try {
      return DetectionProtocol.trainedFrom(from == null ? history.trainFrom() : from)
          .withTrainDays(days);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--days: " + e.getMessage(), e);
    }
  }

  private TrainedClassifier train(Recipe recipe, TrainingSet set, PrintWriter screen) {
    long start = System.nanoTime();
    screen.printf("training on %,d rows, %,d of them frauds ...%n", set.size(), set.positives());
    screen.flush();
    TrainedClassifier classifier =
        recipe
            .training(set, seed)
            .withProgress(
                (epoch, of, loss) -> {
                  screen.printf(
                      "%6.0f s  epoch %d of %d, loss %.5f%n", since(start), epoch, of, loss);
                  screen.flush();
                })
            .run();
    screen.printf("trained in %.0f s%n", since(start));
    return classifier;
  }

  private static Evaluation evaluate(
      Path version, FeatureArguments.Made made, DetectionProtocol protocol) {
    try (Model<float[], float[]> draft = SavedModel.at(version).dense().load()) {
      return Measurement.of(draft, made.table(), protocol);
    }
  }

  private static Days testDays(DetectionProtocol protocol) {
    return new Days(protocol.testFrom(), protocol.end().minusDays(1));
  }

  /** As a person would write it in the project's folder. */
  private String commandLine() {
    return "./millrace "
        + String.join(" ", command.root().commandLine().getParseResult().originalArgs());
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
