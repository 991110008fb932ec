package dev.millrace.pipelines.cli;

import dev.millrace.pipelines.training.Recipe;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which model it is about. */
final class RecipeArgument {

  @Parameters(
      paramLabel = "MODEL",
      converter = Converter.class,
      description = "The model's name: card-fraud.")
  private Recipe recipe;

  @SuppressWarnings("NullAway.Init") // picocli sets recipe
  RecipeArgument() {}

  Recipe recipe() {
    return recipe;
  }

  /** Refuses a name that no recipe has. */
  static final class Converter implements ITypeConverter<Recipe> {
    @Override
    public Recipe convert(String name) {
      try {
        return Recipe.named(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
