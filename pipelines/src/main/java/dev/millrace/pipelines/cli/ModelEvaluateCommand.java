package dev.millrace.pipelines.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.models.Model;
import dev.millrace.models.ModelException;
import dev.millrace.models.evaluation.DetectionProtocol;
import dev.millrace.models.evaluation.Evaluation;
import dev.millrace.models.evaluation.EvaluationTable;
import dev.millrace.models.evaluation.PublishedResult;
import dev.millrace.models.tensorflow.DenseSavedModel;
import dev.millrace.models.tensorflow.SavedModel;
import dev.millrace.pipelines.spec.InferSpec;
import dev.millrace.pipelines.training.Measurement;
import dev.millrace.pipelines.training.SimulatedHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace model evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Tests a model on some days of a pipeline's features.",
      "By the protocol of the published results: labels are known after 7 days, customers whose fraud",
      "was known by then are left out, and 100 cards a day can be checked. Progress goes to standard",
      "error, the result to standard output."
    },
    footer = {
      "",
      "Example: millrace model evaluate card-fraud --spec=pipelines/card-fraud/handbook.yaml"
          + " --set events.from.files.path=transactions.csv.gz --model=trained/card-fraud"
          + " --from=2018-07-25 --days=7 --train-from=2018-07-11"
    })
final class ModelEvaluateCommand implements Callable<Integer> {

  private static final int DELAY_DAYS = 7;

  @Mixin private RecipeArgument recipe;
  @Mixin private FeatureArguments features;
  @Mixin private RunnerArguments runner;
  @Spec private CommandSpec command;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model's folder, of which the newest version is taken, or a version's.")
  private Path model;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "YYYY-MM-DD",
      description = "The first day of test, in UTC.")
  private LocalDate from;

  @Option(
      names = "--days",
      defaultValue = "7",
      paramLabel = "N",
      description = "How many days to test on, by default ${DEFAULT-VALUE}.")
  private int days;

  @Option(
      names = "--train-from",
      required = true,
      paramLabel = "YYYY-MM-DD",
      description = {
        "The first day of training: whoever was defrauded from then on is known, once a week has",
        "passed. At least 8 days before --from."
      })
  private LocalDate trainFrom;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Of a simulated past, by default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "Gives the result as one JSON object.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ModelEvaluateCommand() {}

  @Override
  public Integer call() throws IOException {
    DetectionProtocol protocol = protocol();
    DenseSavedModel found = SavedModel.at(model).dense();
    // A folder without a model is better known before the backfill than after.
    found.signature();
    PrintWriter progress = command.commandLine().getErr();
    try (TemporaryFolder work = TemporaryFolder.create()) {
      FeatureArguments.Made made =
          features.make(recipe.recipe(), new SimulatedHistory(seed), runner, work, progress);
      progress.flush();
      DenseSavedModel asked = asked(Objects.requireNonNull(made.spec().infer()));
      try (Model<float[], float[]> loaded = asked.load()) {
        Evaluation evaluation = Measurement.of(loaded, made.table(), protocol);
        String name = loaded.version().name() + "/" + loaded.version().version();
        PrintWriter out = command.commandLine().getOut();
        out.print(
            json
                ? json(name, made.events(), evaluation)
                : EvaluationTable.render(name, evaluation, PublishedResult.FRAUD_HANDBOOK));
        out.flush();
      }
    }
    return 0;
  }

  private DetectionProtocol protocol() {
    long gap = ChronoUnit.DAYS.between(trainFrom, from);
    if (gap <= DELAY_DAYS) {
      throw new ParameterException(
          command.commandLine(),
          "found --train-from=%s and --from=%s, expected at least %d days between"
              .formatted(trainFrom, from, DELAY_DAYS + 1));
    }
    try {
      return DetectionProtocol.trainedFrom(trainFrom)
          .withTrainDays(Math.toIntExact(gap) - DELAY_DAYS)
          .withDelayDays(DELAY_DAYS)
          .withTestDays(days);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--days: " + e.getMessage(), e);
    }
  }

  /** The model as the pipeline asks it: the pipeline's inputs in, its first output out. */
  private DenseSavedModel asked(InferSpec infer) {
    String output = infer.outputs().values().iterator().next();
    DenseSavedModel asked =
        SavedModel.at(model).withSignature(infer.signature()).withOutputs(output).dense();
    List<String> inputs = asked.inputs().isEmpty() ? infer.inputs() : asked.inputs();
    if (!inputs.equals(infer.inputs()) || asked.width() != inputs.size()) {
      throw ModelException.at(
          model,
          "a model of %d inputs %s".formatted(asked.width(), asked.inputs()),
          "the pipeline's " + infer.inputs());
    }
    return asked;
  }

  private static String json(String model, String events, Evaluation evaluation)
      throws JsonProcessingException {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", model);
    result.put("data", events);
    result.put("trainFrom", evaluation.trainFrom().toString());
    result.put("testFrom", evaluation.testFrom().toString());
    result.put("testDays", evaluation.testDays());
    result.put("transactions", evaluation.transactions());
    result.put("frauds", evaluation.frauds());
    result.put("auc", evaluation.rocAuc());
    result.put("averagePrecision", evaluation.averagePrecision());
    result.put("cardPrecision" + evaluation.cardsPerDay(), evaluation.cardPrecision());
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(result)
        + System.lineSeparator();
  }
}
