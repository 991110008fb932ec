package dev.millrace.pipelines.training;

import dev.millrace.models.training.ClassifierTraining;
import dev.millrace.models.training.TrainingSet;
import dev.millrace.transforms.event.Suggestion;
import java.util.List;

/**
 * How a model is made from a pipeline's features: a classifier of single events, whose inputs are
 * those that the pipeline's {@code infer} lists. Another pipeline of that kind needs one more line
 * in {@link #ALL}.
 *
 * @param name the model's name, and that of the recipe
 * @param card the column that says whose event it is; detectors are judged by whom they find
 * @param label the boolean column that is to be foretold
 */
public record Recipe(String name, String card, String label) {

  /** All there are. */
  public static final List<Recipe> ALL = List.of(new Recipe("card-fraud", "customer_id", "fraud"));

  /**
   * The recipe of that name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static Recipe named(String name) {
    List<String> names = ALL.stream().map(Recipe::name).toList();
    return ALL.stream()
        .filter(recipe -> recipe.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "found model '%s'%s, expected one of %s"
                        .formatted(
                            name, Suggestion.didYouMean(name, names), String.join(", ", names))));
  }

  /** The training of this model; the same set and seed give the same model. */
  public ClassifierTraining training(TrainingSet set, long seed) {
    // Two more voters than by default: what a seed happens to find then varies half as much.
    return ClassifierTraining.on(set).withSeed(seed).withMembers(6);
  }
}
